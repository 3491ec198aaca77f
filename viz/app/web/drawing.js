// Draws worlds on canvases, for the app (paired_map.vue) and for hand-outs (viz/handout).
// A dot is eleven bytes: see viz/app/learn/paired_worlds.py, DOT; and so is a mark: marks.py beside it.
const SIZE = 11, MARKED = 11, NOWHERE = 65535, PROFESSIONAL = 3, DIFFERS = 4
const NAMED = 50, ROOM = 5, TRAIL = 26  // cells a side up to which, and pixels a cell from which, there is room for names; weeks of a trail
const INK = "#16252e", FONT = 'system-ui, "DejaVu Sans", sans-serif'

export const bytes = (part) => part instanceof DataView ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength) : new Uint8Array(part || 0)

const mix = (low, high, n) => {
  const parse = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  const [a, b] = [parse(low), parse(high)]
  return Array.from({ length: n }, (_, level) => `rgb(${a.map((from, i) => Math.round(from + (b[i] - from) * level / (n - 1))).join()})`)
}

// Where the map calls a place by name: above each group of neighbouring cells of one kind.
function named({ kinds, size: n, kind_names, places }) {
  const known = {}, found = []
  for (let i = 0; i < n * n; i++) {
    const name = places[kind_names[kinds[i]]]
    if (!name) continue
    const of = known[i] = (kinds[i - 1] === kinds[i] && known[i - 1]) || (kinds[i - n] === kinds[i] && known[i - n]) || { name, top: Math.floor(i / n), from: i % n, until: 0 }
    if (!found.includes(of)) found.push(of)
    of.until = Math.max(of.until, i % n + 1)
  }
  return found
}

// The square that holds all that is built: [left, top, cells a side], with a cell around it.
function built({ kinds, size: n, kind_names }) {
  const green = kind_names.indexOf("green"), xs = [], ys = []
  kinds.forEach((kind, i) => { if (kind !== green) { xs.push(i % n); ys.push(Math.floor(i / n)) } })
  if (!xs.length) return [0, 0, n]
  const ends = (some) => some.reduce(([low, high], each) => [Math.min(low, each), Math.max(high, each)], [n, 0])
  const [x, y] = [ends(xs), ends(ys)], wide = Math.min(n, Math.max(x[1] - x[0], y[1] - y[0]) + 3)
  const first = ([low, high]) => Math.max(0, Math.min(n - wide, Math.round((low + high + 1 - wide) / 2)))
  return [first(x), first(y), wide]
}

// What happened in a week: a mark is its kind, the place, and which dots it is about (-1 for nobody on the map).
function marked(marks, rows) {
  const view = new DataView(marks.buffer, marks.byteOffset), row = (at) => rows.get(view.getUint32(at, true)) ?? -1
  return Array.from({ length: Math.floor(marks.length / MARKED) }, (_, i) => i * MARKED).map((at) => ({
    kind: marks[at], cell: view.getUint16(at + 1, true), who: row(at + 3), whom: row(at + 7) }))
}

// One world on a canvas.  `about` is what stays the same while it is played: size, kinds, kind_names, places, colours,
// differing; and where marks are drawn their names and signs (marks.js).
export class Scene {
  constructor(canvas) {
    this.canvas = canvas
    this.ring = null  // the place that keys have chosen
    this.began = this.lasts = 0
    this.from = this.to = new Float32Array(0)
    this.dots = this.marks = new Uint8Array(0)
    this.trail = []
  }

  about(about) {
    const { low, high, good, bad } = about.colours
    Object.assign(this, about)
    this.scale = about.differing ? [...mix(bad, low, 128), ...mix(low, good, 128)] : mix(low, high, 256)
    this.named = named(about)
    this.built = built(about)
    this.ground = null
  }

  // Show a week: from where everybody is on the screen they go to where they are in it, within so many milliseconds.
  // `rounds` holds six bytes a stop of a professional: who (four), and the cell.
  show({ layer, dots, rounds, marks }, now, lasts) {
    const before = new Map(), at = this.positions(now)
    for (let i = 0; i < at.length / 2; i++) if (this.cell(i) !== NOWHERE) before.set(this.who(i), [at[2 * i], at[2 * i + 1]])
    this.layer = layer
    this.dots = dots
    this.began = now
    this.lasts = lasts
    const n = dots.length / SIZE
    this.to = new Float32Array(2 * n)
    this.from = new Float32Array(2 * n)
    for (let i = 0; i < n; i++) {
      this.to.set(this.stands(i), 2 * i)
      this.from.set(before.get(this.who(i)) || this.stands(i), 2 * i)
    }
    this.walks(rounds || new Uint8Array(0), lasts)
    this.ordered()
    this.marks = marked(marks || new Uint8Array(0), new Map(Array.from({ length: n }, (_, i) => [this.who(i), i])))
    this.follows(lasts)
    this.ground = null
  }

  // Whom one sees first is painted last: small squares for the crowd, then who is young, involved, a professional or lit.
  ordered() {
    this.crowd = []
    this.inked = []
    for (let i = 0; i < this.dots.length / SIZE; i++) {
      const [role, stage, mark] = this.dots.subarray(i * SIZE + 2, i * SIZE + 5)
      if (this.cell(i) === NOWHERE) continue
      if (mark || role >= PROFESSIONAL || stage > 0 || role === 1) this.inked.push({ i, role, stage, mark })
      else this.crowd.push(i)
    }
    this.inked.sort((a, b) => a.mark - b.mark || a.stage - b.stage)
  }

  who(i) { return new DataView(this.dots.buffer, this.dots.byteOffset).getUint32(i * SIZE + 7, true) }

  cell(i) { return this.dots[i * SIZE] + 256 * this.dots[i * SIZE + 1] }

  stands(i) {
    const where = this.cell(i), n = this.size
    return [where % n + .1 + .8 * this.dots[i * SIZE + 5] / 255, Math.floor(where / n) + .1 + .8 * this.dots[i * SIZE + 6] / 255]
  }

  // Professionals walk by some of the places that they visited: the quicker weeks pass, the fewer.
  walks(rounds, lasts) {
    const stops = new Map(), view = new DataView(rounds.buffer, rounds.byteOffset), n = this.size, most = Math.floor(lasts / 220)
    for (let at = 0; at + 6 <= rounds.length; at += 6) {
      const who = view.getUint32(at, true), cell = view.getUint16(at + 4, true), known = stops.get(who) || []
      if (known.length < most) stops.set(who, [...known, [cell % n + .5, Math.floor(cell / n) + .5]])
    }
    this.routes = new Map()
    for (let i = 0; stops.size && i < this.dots.length / SIZE; i++) {
      const by = this.dots[i * SIZE + 2] === PROFESSIONAL && stops.get(this.who(i))
      if (by) this.routes.set(i, [[this.from[2 * i], this.from[2 * i + 1]], ...by, [this.to[2 * i], this.to[2 * i + 1]]])
    }
  }

  // Where whoever is followed was in the last weeks that were played.
  follows(lasts) {
    const i = this.inked.findLast(({ mark }) => mark > 1)?.i, who = i === undefined ? 0 : this.who(i)
    if (!lasts || who !== this.followed) this.trail = []
    this.followed = who
    if (who) this.trail = [...this.trail, this.stands(i)].slice(-TRAIL)
  }

  moves(now) { return now < this.began + this.lasts }

  // Where everybody is at a moment: x and y of each, in cells.
  positions(now) {
    const share = this.moves(now) ? Math.max(0, now - this.began) / this.lasts : 1  // a frame may have begun before its week came
    if (share === 1) return this.to
    const at = this.to.map((to, i) => this.from[i] + (to - this.from[i]) * share)
    for (const [i, route] of this.routes) {
      const leg = Math.floor(share * (route.length - 1)), along = share * (route.length - 1) - leg
      at.set(route[leg].map((from, axis) => from + (route[leg + 1][axis] - from) * along), 2 * i)
    }
    return at
  }

  paint(now) {
    const ratio = window.devicePixelRatio || 1, wide = Math.round(this.canvas.clientWidth * ratio)
    if (!wide || !this.layer) return
    if (this.canvas.width !== wide) { this.canvas.width = this.canvas.height = wide; this.ground = null }
    const [left, top, cells] = this.built, cell = wide / cells
    this.ground = this.ground || this.grounds(wide, cell)
    const pen = this.canvas.getContext("2d")
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.drawImage(this.ground, 0, 0)
    pen.translate(-left * cell, -top * cell)
    const at = this.positions(now)
    this.path(pen, at, cell)
    this.people(pen, at, cell)
    this.happened(pen, at, cell, this.moves(now) ? Math.max(0, now - this.began) / this.lasts : 1)
    if (cells <= NAMED && cell > ROOM * ratio) this.names(pen, cell)
    if (this.ring) this.light(pen, this.ring[0] * cell, this.ring[1] * cell, cell * .5, cell, 2)
  }

  grounds(wide, cell) {  // all that stands still, painted once a week
    const ground = document.createElement("canvas")
    ground.width = ground.height = wide
    const pen = ground.getContext("2d"), [left, top, cells] = this.built, n = this.size
    pen.lineWidth = Math.max(1, cell / 10)
    for (let row = 0; row < cells; row++) for (let column = 0; column < cells; column++) {
      const i = (top + row) * n + left + column, kind = this.kind_names[this.kinds[i]]
      const x = Math.floor(column * cell), y = Math.floor(row * cell)
      pen.fillStyle = this.scale[this.layer[i]]
      pen.fillRect(x, y, Math.ceil(cell) + 1, Math.ceil(cell) + 1)
      if (kind === "street") { pen.fillStyle = "rgba(22,37,46,.10)"; pen.fillRect(x, y, Math.ceil(cell), Math.ceil(cell)) }
    }
    for (let row = 0; row < cells; row++) for (let column = 0; column < cells; column++) {
      const kind = this.kind_names[this.kinds[(top + row) * n + left + column]], x = column * cell, y = row * cell
      if (kind === "hidden") { pen.fillStyle = "rgba(22,37,46,.55)"; pen.fillRect(x + cell / 4, y + cell / 4, cell / 2, cell / 2) }
      else if (!["home", "green", "street"].includes(kind)) { pen.strokeStyle = "rgba(22,37,46,.6)"; pen.strokeRect(x + .5, y + .5, cell - 1, cell - 1) }
    }
    return ground
  }

  names(pen, cell) {
    const high = Math.max(10, .95 * cell)
    pen.font = `600 ${high}px ${FONT}`
    pen.textAlign = "center"; pen.lineJoin = "round"; pen.lineWidth = 3
    for (const { name, top, from, until } of this.named) {
      const x = (from + until) / 2 * cell, y = Math.max((top - .35) * cell, this.built[1] * cell + high)
      pen.strokeStyle = "rgba(255,255,255,.85)"; pen.strokeText(name, x, y)
      pen.fillStyle = INK; pen.fillText(name, x, y)
    }
  }

  people(pen, at, cell) {
    const { stages, adult, professional, good, bad } = this.colours
    pen.fillStyle = adult
    for (const i of this.crowd) pen.fillRect((at[2 * i] - .09) * cell, (at[2 * i + 1] - .09) * cell, cell * .18, cell * .18)
    for (const { i, role, stage, mark } of this.inked) {
      const x = at[2 * i] * cell, y = at[2 * i + 1] * cell
      const r = cell * (role === DIFFERS ? .5 : role === PROFESSIONAL ? .34 : stage ? .26 + .045 * stage : .17)
      if (mark) this.light(pen, x, y, r, cell, mark)
      pen.fillStyle = role === DIFFERS ? (stage ? bad : good) : role === PROFESSIONAL ? professional : role === 1 || stage ? stages[stage] : adult
      pen.beginPath()
      if (role === PROFESSIONAL) pen.rect(x - r, y - r, 2 * r, 2 * r)
      else if (stage === 4 || (role === DIFFERS && stage)) { pen.moveTo(x, y - 1.3 * r); pen.lineTo(x + 1.3 * r, y); pen.lineTo(x, y + 1.3 * r); pen.lineTo(x - 1.3 * r, y); pen.closePath() }
      else pen.arc(x, y, r, 0, 7)
      pen.fill()
      if (stage || role >= PROFESSIONAL) { pen.lineWidth = Math.max(1, cell / 14); pen.strokeStyle = role === 2 ? "#fff" : INK; pen.stroke() }
    }
  }

  // Marks appear where it happened while people are on their way, and stay until the next week.
  happened(pen, at, cell, share) {
    const { size: n, signs, mark_names } = this, grown = .6 + .4 * Math.min(1, 2 * share), where = (i) => [at[2 * i] * cell, at[2 * i + 1] * cell]
    pen.globalAlpha = Math.min(1, .3 + 1.4 * share)
    for (const { kind, cell: place, who, whom } of this.marks) {
      const sign = signs[mark_names[kind]], [x, y] = who >= 0 ? where(who) : [(place % n + .5) * cell, (Math.floor(place / n) + .5) * cell]
      pen.lineWidth = Math.max(1.2, cell / 9)
      sign(pen, x, y, .5 * cell * grown, whom >= 0 && where(whom))
    }
    pen.globalAlpha = 1
  }

  path(pen, at, cell) {
    const last = this.inked.find(({ mark }) => mark > 1)
    if (this.trail.length < 2 || !last) return
    pen.lineWidth = Math.max(2, cell / 4); pen.lineJoin = "round"; pen.strokeStyle = "rgba(255,224,102,.85)"
    pen.beginPath()
    for (const [x, y] of this.trail.slice(0, -1)) pen.lineTo(x * cell, y * cell)
    pen.lineTo(at[2 * last.i] * cell, at[2 * last.i + 1] * cell)
    pen.stroke()
  }

  light(pen, x, y, r, cell, mark) {
    for (const [wide, colour] of mark > 1 ? [[2, "#000"], [3.5, "#ffe066"]] : [[5, "#fff"], [7, INK]]) {
      pen.lineWidth = Math.max(wide < 5.5 ? 2 : 1.5, cell / wide)
      pen.strokeStyle = colour
      pen.beginPath(); pen.arc(x, y, r + cell * (mark > 1 ? .9 : .55), 0, 7); pen.stroke()
    }
  }

  // The place on the map, in cells, of a place on the screen.
  pointed(event) {
    const box = this.canvas.getBoundingClientRect(), [left, top, cells] = this.built, cell = box.width / cells
    return [(event.clientX - box.left) / cell + left, (event.clientY - box.top) / cell + top]
  }

  // The dot of a person that is nearest to a place, within so many cells; -1 without any.  Who is young or involved is nearer.
  nearest([x, y], reach, now) {
    let best = -1, least = reach ** 2
    const at = this.positions(now), dots = this.dots
    for (let i = 0; i < at.length / 2; i++) {
      if (dots[i * SIZE + 2] === PROFESSIONAL || this.cell(i) === NOWHERE) continue
      const far = ((at[2 * i] - x) ** 2 + (at[2 * i + 1] - y) ** 2) * (dots[i * SIZE + 2] === 1 || dots[i * SIZE + 3] ? .25 : 1)
      if (far < least) { least = far; best = i }
    }
    return best
  }

  // Move the ring of the keys by a step, and keep it on the map.
  step([across, down]) {
    const [left, top, cells] = this.built, [x, y] = this.ring || [left + cells / 2, top + cells / 2]
    const within = (value, first) => Math.min(Math.max(value, first + .5), first + cells - .5)
    this.ring = [within(x + across, left), within(y + down, top)]
  }
}

// Scenes that move together.  A week takes as long to glide through as the one before took to come; for who wants less motion, no time.
export class Motion {
  constructor(scenes, painted = () => {}) {
    this.scenes = scenes
    this.painted = painted
    this.last = 0
    this.asked = 0
    this.calm = matchMedia("(prefers-reduced-motion: reduce)")
  }

  show(weeks, playing) {
    const now = performance.now(), took = now - this.last
    this.last = now
    const lasts = playing && !this.calm.matches ? Math.min(Math.max(took, 60), 1_000) : 0
    this.scenes.forEach((scene, i) => scene.show(weeks[i], now, lasts))
    this.draw()
  }

  draw() {
    if (this.asked) return
    this.asked = requestAnimationFrame((now) => {
      this.asked = 0
      for (const scene of this.scenes) scene.paint(now)
      this.painted()
      if (this.scenes.some((scene) => scene.moves(now))) this.draw()
    })
  }

  stop() {
    cancelAnimationFrame(this.asked)
    this.asked = 1  // and never again
  }
}
