// Solara moves between pages by addresses without the path that the app has at a proxy: this puts it before them.
{
  const push = history.pushState.bind(history)
  history.pushState = (state, title, place) => push(state, title, place.startsWith(`${solara.rootPath}/`) ? place : solara.rootPath + place)
}

// A page that hears no more of its server says so (`.unheard`, in its own language), and asks until the server is there again.  Then the
// page goes on where it stood: in its session, or else loaded anew, since its address holds all of it.
{
  const LOOK = 1_000, ENOUGH = 6_000  // milliseconds
  let leaving = false, met = false, since = 0, asking = false
  window.addEventListener("pagehide", () => { leaving = true })
  setInterval(async () => {
    const heard = solara.debug?.connectionStatus === "connected"
    met = met || heard
    if (!met || leaving) return
    since = heard ? 0 : since || Date.now()
    document.body.classList.toggle("lost", since > 0)
    if (heard || asking || Date.now() - since < ENOUGH) return
    asking = true
    const answered = await fetch(`${solara.rootPath}/static/assets/custom.js`, { cache: "no-store" }).then((answer) => answer.ok, () => false)
    asking = false
    if (answered && since && !leaving) location.reload()
  }, LOOK)
}

// Light or dark: as the system asks, or as somebody chose in this browser.  Whatever draws by itself hears "themed" and draws anew.
{
  const KEY = "kantelpunt.theme", root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)")
  let chosen = ""
  try { chosen = localStorage.getItem(KEY) || "" } catch { /* a browser that keeps nothing follows its system */ }
  const follow = () => {
    root.style.colorScheme = ["light", "dark"].includes(chosen) ? chosen : ""
    root.classList.toggle("dark", window.kantelpuntTheme.dark())
    window.dispatchEvent(new Event("themed"))
  }
  window.kantelpuntTheme = {
    dark: () => (chosen || (system.matches ? "dark" : "light")) === "dark",
    choose(theme) {
      chosen = theme === (system.matches ? "dark" : "light") ? "" : theme  // who wants what the system wants follows it again
      try { chosen ? localStorage.setItem(KEY, chosen) : localStorage.removeItem(KEY) } catch { /* it holds until the page is left */ }
      follow()
    },
  }
  system.addEventListener("change", follow)
  follow()
}
