// Solara moves between pages by addresses without the path that the app has at a proxy: this puts it before them.
{
  const push = history.pushState.bind(history)
  history.pushState = (state, title, place) => push(state, title, place.startsWith(`${solara.rootPath}/`) ? place : solara.rootPath + place)
}

// A page that hears no more of its server says so (`.lost`, in its own language), and asks until the server is there again.  Then the
// page goes on where it stood: in its session, or else loaded anew, since its address holds all of it.
{
  const LOOK = 2_000, ENOUGH = 6_000  // milliseconds
  let leaving = false, since = 0
  window.addEventListener("pagehide", () => { leaving = true })
  const found = () => { since = 0; document.body.classList.remove("lost") }
  const lost = () => {
    if (leaving || since) return
    since = Date.now()
    document.body.classList.add("lost")
    const look = async () => {
      if (!since || leaving) return
      const answered = await fetch(`${solara.rootPath}/static/assets/custom.js`, { cache: "no-store" }).then((answer) => answer.ok, () => false)
      if (answered && since && Date.now() - since > ENOUGH) location.reload()
      else setTimeout(look, LOOK)
    }
    setTimeout(look, LOOK)
  }
  const Plain = window.WebSocket
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given)
      this.addEventListener("open", found)
      this.addEventListener("close", lost)
    }
  }
}
