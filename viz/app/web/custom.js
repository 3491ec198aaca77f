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
