// Plays what was recorded: all of it is in the page, nothing is asked of anywhere.  `drawing.js` stands above it in the same script.
const by = (id) => document.getElementById(id), about = JSON.parse(by("about").textContent)
const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array }
const LOOKS = 8  // a byte says role + LOOKS * stage
const state = { language: about.language, dose: about.doses.length - 1, week: 0, seen: 0, guess: "", playing: 0 }
const said = () => about.texts[state.language]
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
const [canvases, figures] = ["canvas", "figure"].map((name) => [...document.querySelectorAll(`.twins ${name}`)])
let held, scenes, motion

async function unpacked() {
  const packed = Uint8Array.from(atob(by("recording").textContent), (sign) => sign.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
}

const array = ({ at, length, kind }) => new KINDS[kind](held, at, length)

// One world: arrays in place of where they stand, its layer as it is in every week, and bytes of dots of which most stay as they are.
function opened(side) {
  const [who, across, down, cells, looks, lit, shades] = ["who", "across", "down", "cells", "looks", "lit", "shades"].map((name) => array(side[name]))
  const places = about.size ** 2, dots = new Uint8Array(who.length * SIZE), view = new DataView(dots.buffer), lights = new Map()
  for (let at = places; at < shades.length; at++) shades[at] += shades[at - places]
  who.forEach((name, i) => { dots[i * SIZE + 5] = across[i]; dots[i * SIZE + 6] = down[i]; view.setUint32(i * SIZE + 7, name, true) })
  for (let at = 0; at < lit.length; at += 2) lights.set(lit[at], [...(lights.get(lit[at]) || []), lit[at + 1]])
  const weeks = about.weeks + 1
  return {
    courses: side.courses.map(array),
    at(week) {
      for (let i = 0; i < who.length; i++) {
        const look = looks[i * weeks + week]
        view.setUint16(i * SIZE, cells[i * weeks + week], true)
        dots[i * SIZE + 2] = look % LOOKS
        dots[i * SIZE + 3] = Math.floor(look / LOOKS)
        dots[i * SIZE + 4] = 0
      }
      for (const i of lights.get(week) || []) dots[i * SIZE + 4] = 1
      return { layer: shades.subarray(week * places, (week + 1) * places), dots: dots.slice() }
    },
  }
}

function element(name, text = "", values = {}) { return Object.assign(document.createElement(name), { textContent: text, ...values }) }

function options(select, texts, chosen) {
  select.replaceChildren(...texts.map((text, value) => element("option", text, { value })))
  select.value = chosen
}

// All words, in the language that is chosen.
function speak() {
  const t = said(), at = by("speed").value || about.speeds.indexOf(about.speed)
  document.documentElement.lang = state.language
  document.title = t.title
  document.querySelector("h1").textContent = t.title
  for (const part of ["scene", "question"]) by(part).innerHTML = t[part]
  by("watch").innerHTML = `<h2>${t.head_watch}</h2>${t.watch}`
  for (const [id, text] of [["end", t.to_end], ["doselabel", t.dose], ["speedlabel", t.speed], ["scrublabel", t.scrub]]) by(id).textContent = text
  for (const [id, text] of [["back", t.back_a_week], ["on", t.on_a_week]]) { by(id).title = text; by(id).setAttribute("aria-label", text) }
  options(by("dose"), t.doses, state.dose)
  options(by("speed"), t.speeds, at)
  by("ways").replaceChildren(...Object.entries(t.ways).map(([way, text]) => element("button", text, { onclick: () => guess(way), ariaPressed: String(way === state.guess) })))
  figures.forEach((figure, side) => { figure.firstElementChild.textContent = t.worlds[side] })
  document.querySelector("footer").replaceChildren(...t.foot.map((line) => element("p", line)))
  document.querySelectorAll(".course").forEach((figure, i) => figure.firstElementChild.replaceChildren(element("b", t.charts[i]), " ", element("small", t.units[i])))
  by("languages").replaceChildren(...Object.keys(about.texts).map((code) => element("button", code.toUpperCase(), { ariaPressed: String(code === state.language), lang: code, onclick: () => { state.language = code; speak() } })))
  legend(t)
  begin()
}

function legend(t) {
  const spot = (name, text) => { const row = element("span"); row.append(element("i", "", { className: `dot ${name}` }), text); return row }
  const scale = element("span"), bar = element("i", "", { className: "scale" })
  bar.style.background = `linear-gradient(90deg, ${about.colours.low}, ${about.colours.high})`
  scale.append(`${t.layer} `, element("small", t.little), bar, element("small", t.much))
  by("legend").replaceChildren(spot("adult", t.adult), spot("stage0", t.youth), ...t.stages.map((text, i) => spot(`stage${i + 1}`, text)), spot("staff", t.staff), spot("hidden", t.hidden), spot("lit", t.lit), scale)
}

// Two scenes of the worlds of this dose.
function begin() {
  if (motion) motion.stop()
  const { size, kind_names, colours } = about
  state.worlds = about.doses[state.dose].opened ||= about.doses[state.dose].sides.map(opened)
  scenes = canvases.map((canvas) => new Scene(canvas))
  for (const scene of scenes) scene.about({ size, kind_names, colours, kinds: array(about.kinds), places: said().places, differing: false })
  motion = new Motion(scenes, () => { window.kantelpunt.paints += 1 })
  show()
}

function show() {
  const { week, seen } = state, t = said(), year = Math.min(Math.floor(week / about.year) + 1, about.weeks / about.year)
  motion.show(state.worlds.map((world) => world.at(week)), state.playing > 0)
  by("week").value = week
  const at = filled(t.at, { year, week, weeks: about.weeks })
  by("at").textContent = at
  by("week").setAttribute("aria-valuetext", at)
  by("play").textContent = state.playing ? t.pause : t.play
  by("play").disabled = by("on").disabled = week === about.weeks
  by("back").disabled = week === 0
  canvases.forEach((canvas, side) => canvas.setAttribute("aria-label", filled(t.map, { title: t.worlds[side], week, layer: t.layer })))
  draw()
  outcome(seen === about.weeks)
}

function draw() {
  document.querySelectorAll(".course").forEach((figure, i) => {
    const both = state.worlds.map((world) => world.courses[i].subarray(0, state.seen + 1))
    const cells = [...figure.querySelectorAll("output")], colours = cells.map((cell) => getComputedStyle(cell).color)
    cells.forEach((cell, side) => { cell.textContent = amount(both[side][state.week], about.shares[i]) })
    course(figure.lastElementChild, { both, week: state.week, weeks: about.weeks, window: i ? [] : about.window, colours, share: about.shares[i] })
  })
}

function amount(value, share) {
  const written = (share ? 100 * value : value).toLocaleString(state.language, { maximumSignificantDigits: 3 })
  return share ? `${written} %` : written
}

function outcome(there) {
  const t = said(), { found } = about.doses[state.dose], key = `${there}${state.dose}${state.language}`
  const after = state.guess === found.way ? "right" : "wrong"
  by("guessed").textContent = state.guess ? t[there ? after : "guessed"][state.guess] : ""
  by("outcome").hidden = !there
  if (!there || by("outcome").dataset.key === key) return
  by("outcome").dataset.key = key
  by("outcome").innerHTML = `<h2>${t.head_reveal}</h2>${found[state.language]}${t.meaning}<h2>${t.head_talk}</h2>`
  const list = element("ul")
  list.append(...t.to_talk.map((line) => element("li", line)))
  by("outcome").append(list, element("p", t.no_proof, { className: "quiet" }))
}

function guess(way) {
  state.guess = way
  speak()
}

function go(week) {
  state.week = Math.min(Math.max(week, 0), about.weeks)
  state.seen = Math.max(state.seen, state.week)
  if (state.week === about.weeks) still()
  show()
}

function still() { clearTimeout(state.playing); state.playing = 0 }

function step() {
  state.playing = setTimeout(step, 1_000 / about.speeds[by("speed").value])
  go(state.week + 1)
}

function toggle() {
  if (state.playing) { still(); show() }
  else if (state.week < about.weeks) step()
}

function pressed(event) {
  if (event.target.closest("button, select, input") || event.ctrlKey || event.metaKey || event.altKey) return
  const keys = { " ": toggle, ArrowLeft: () => { still(); go(state.week - 1) }, ArrowRight: () => { still(); go(state.week + 1) } }
  if (keys[event.key]) { event.preventDefault(); keys[event.key]() }
}

function listen() {
  by("week").max = about.weeks
  by("play").onclick = toggle
  by("back").onclick = () => { still(); go(state.week - 1) }
  by("on").onclick = () => { still(); go(state.week + 1) }
  by("end").onclick = () => { still(); go(about.weeks) }
  by("week").oninput = () => { still(); go(Number(by("week").value)) }
  by("dose").onchange = () => { state.dose = Number(by("dose").value); begin() }
  document.addEventListener("keydown", pressed)
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw)
  new ResizeObserver(() => { motion.draw(); draw() }).observe(document.querySelector(".stage"))
}

function charts() {
  document.querySelector(".courses").replaceChildren(...about.shares.map(() => {
    const figure = element("figure", "", { className: "course" }), now = element("span", "", { className: "now" })
    now.append(element("output", "", { className: "left" }), " ", element("output", "", { className: "right" }))
    figure.append(element("figcaption"), now, element("canvas"))
    return figure
  }))
}

if (!window.DecompressionStream) by("lacking").hidden = false
else {
  window.kantelpunt = { paints: 0 }
  held = await unpacked()
  charts()
  document.querySelector("main").hidden = false
  speak()
  listen()
}
