// Signs for what happens in a week, on the maps of the app (paired_map.vue): viz/app/learn/marks.py names them.
// How each kind of mark is drawn, around (x, y) and with room r; `from` is where the other one stands.
const INK = "#16252e", GREEN = "#0a8f5b", RED = "#c22222"
export const SIGNS = {
  heard(pen, x, y, r) { pen.strokeStyle = "#0072b2"; for (const far of [1, 1.7]) { pen.beginPath(); pen.arc(x, y, r * far, -.9, .9); pen.stroke() } },
  good_contact(pen, x, y, r) { ring(pen, x, y, r, GREEN) },
  bad_contact(pen, x, y, r) { ring(pen, x, y, r, RED) },
  promised(pen, x, y, r) { flag(pen, x, y, r, "#fff") },
  kept(pen, x, y, r) { flag(pen, x, y, r, GREEN) },
  broken(pen, x, y, r) { flag(pen, x, y, r, RED) },
  sanction(pen, x, y, r) { cross(pen, x, y, r, RED) },
  offence(pen, x, y, r) { star(pen, x, y, r, "#e8c400") },
  arrest(pen, x, y, r) { star(pen, x, y, 1.5 * r, "#0072b2") },
  offer(pen, x, y, r, from) {
    pen.strokeStyle = "#8b1048"; pen.setLineDash([2 * r, r])
    if (from) { pen.beginPath(); pen.moveTo(...from); pen.lineTo(x, y); pen.stroke() }
    pen.setLineDash([]); ring(pen, x, y, r * 1.3, "#8b1048")
  },
}
function ring(pen, x, y, r, colour) { pen.strokeStyle = colour; pen.beginPath(); pen.arc(x, y, r, 0, 7); pen.stroke() }
function cross(pen, x, y, r, colour) { pen.strokeStyle = colour; pen.beginPath(); pen.moveTo(x - r, y - r); pen.lineTo(x + r, y + r); pen.moveTo(x + r, y - r); pen.lineTo(x - r, y + r); pen.stroke() }
function flag(pen, x, y, r, colour) {
  pen.fillStyle = colour; pen.strokeStyle = INK
  pen.beginPath(); pen.moveTo(x, y + r); pen.lineTo(x, y - 1.6 * r); pen.lineTo(x + 1.6 * r, y - .9 * r); pen.lineTo(x, y - .2 * r); pen.fill(); pen.stroke()
}
function star(pen, x, y, r, colour) {
  pen.fillStyle = colour; pen.strokeStyle = INK; pen.beginPath()
  for (let i = 0; i < 16; i++) pen.lineTo(x + Math.sin(i * Math.PI / 8) * r * (i % 2 ? .5 : 1.3), y + Math.cos(i * Math.PI / 8) * r * (i % 2 ? .5 : 1.3))
  pen.closePath(); pen.fill(); pen.lineWidth *= .6; pen.stroke()
}
