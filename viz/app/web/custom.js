// Solara moves between pages by addresses without the path that the app has at a proxy: this puts it before them.
{
  const push = history.pushState.bind(history)
  history.pushState = (state, title, place) => push(state, title, place.startsWith(`${solara.rootPath}/`) ? place : solara.rootPath + place)
}
