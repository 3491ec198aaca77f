// Draws an outcome of both worlds over the weeks, for the app (course.vue) and for hand-outs (viz/handout).
export const floats = (part) => part instanceof DataView
  ? new Float32Array(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength)) : new Float32Array(0)

const STEPS = [1, 2, 2.5, 5, 10]
function top(values) {
  const most = Math.max(...values) || 1, power = 10 ** Math.floor(Math.log10(most))
  return power * STEPS.find((step) => step * power >= most * 0.999)
}

// An outcome of both worlds over the weeks that have been seen: `both` as arrays, `window` the weeks that are asked about.
export function course(canvas, { both, week, weeks, window: asked, colours, share }) {
  const ratio = window.devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight
  if (!w) return
  canvas.width = w * ratio; canvas.height = h * ratio
  const pen = canvas.getContext("2d")
  const number = (value) => {
    const written = (share ? 100 * value : value).toLocaleString(document.documentElement.lang || "nl", { maximumFractionDigits: 2 })
    return share ? `${written} %` : written
  }
  pen.scale(ratio, ratio)
  const ink = getComputedStyle(canvas).color
  const font = h > 150 ? 13 : 11
  pen.font = `${font}px ${getComputedStyle(canvas).fontFamily}`
  const most = top([...both[0], ...both[1]]), mark = number(most), left = Math.max(26, pen.measureText(mark).width + 6)
  const x = (at) => left + (w - left - 6) * at / weeks, y = (value) => h - font - 6 - (h - font - 14) * value / most
  if (asked.length) { pen.globalAlpha = .1; pen.fillStyle = ink; pen.fillRect(x(asked[0]), y(most), x(asked[1]) - x(asked[0]), y(0) - y(most)); pen.globalAlpha = 1 }
  pen.strokeStyle = pen.fillStyle = ink; pen.lineWidth = 1; pen.textAlign = "right"
  for (const [value, name] of [[0, number(0)], [most, mark]]) {
    pen.globalAlpha = .2; pen.beginPath(); pen.moveTo(left, y(value)); pen.lineTo(w - 6, y(value)); pen.stroke(); pen.globalAlpha = .8
    pen.fillText(name, left - 4, y(value) + font / 3)
  }
  pen.textAlign = "center"
  const years = Math.round(weeks / 52), every = years > 12 ? 5 : years > 6 ? 2 : 1
  for (let year = 0; year <= years; year += every) pen.fillText(String(year), Math.min(x(52 * year), w - 8), h - 2)
  pen.globalAlpha = 1
  both.forEach((values, side) => {
    pen.strokeStyle = colours[side]; pen.lineWidth = 2; pen.setLineDash(side ? [] : [5, 2]); pen.beginPath()
    values.forEach((value, at) => at ? pen.lineTo(x(at), y(value)) : pen.moveTo(x(at), y(value)))
    pen.stroke()
  })
  pen.setLineDash([]); pen.strokeStyle = ink; pen.lineWidth = 1
  pen.beginPath(); pen.moveTo(x(week), y(most)); pen.lineTo(x(week), y(0)); pen.stroke()
}
