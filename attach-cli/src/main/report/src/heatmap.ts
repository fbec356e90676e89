import type uPlot from 'uplot'
import { AXIS_PX, RIGHT_PX, axis, chart, chooseTime, decades, drop, timeAxis, timeCursor } from './charts'
import type { HistogramData } from './data'
import { el, replace } from './dom'
import { clock, count, inUnit } from './format'
import { lowerBound, narrowest } from './histogram'
import type { View } from './view'

/** Four rows to each power of two: each is four of the histogram's own buckets. */
const ROWS_PER_DOUBLING = 4

/** From many to few: viridis, which gets lighter evenly and can be read with any kind of colour vision. */
const VIRIDIS = [
  '#440154',
  '#482878',
  '#3e4a89',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6dcd59',
  '#b4de2c',
  '#fde725',
]

interface Cell {
  column: number
  row: number
  count: number
}

/** Time by size of values; a cell's colour says how many values there were, on a logarithmic scale. */
export class HeatMap {
  readonly element: HTMLElement
  private readonly host = el('div', { class: 'plot' })
  private readonly says = el('p', { class: 'at' })
  private readonly scale = el('span', { class: 'scale' })
  private made: uPlot | null = null
  private cells: Cell[] = []
  private most = 1
  private dark = false
  private histogram: HistogramData | null = null

  constructor(private readonly view: View) {
    this.element = el(
      'figure',
      { class: 'heat' },
      el('figcaption', {}, el('span', { class: 'figtitle' }, 'Over time'), this.scale),
      this.host,
      this.says,
    )
  }

  show(histogram: HistogramData | null): void {
    this.histogram = histogram
    if (this.made) {
      drop(this.made)
      this.made = null
    }
    this.host.textContent = ''
    replace(this.scale)
    if (!histogram || histogram.count === 0) {
      this.host.append(el('p', { class: 'empty' }, 'none'))
      replace(this.says)
      return
    }
    this.cells = this.cellsOf(histogram)
    this.most = this.cells.reduce((most, each) => Math.max(most, each.count), 1)
    this.drawScale()
    this.rest()
    const rows = this.cells.map(each => each.row)
    const low = edge(rows.reduce((least, each) => Math.min(least, each), Infinity))
    const high = edge(this.after(rows.reduce((most, each) => Math.max(most, each), 0)))
    const { view } = this
    const from = view.fromMs / 1000
    const to = view.toMs / 1000
    const base = chooseTime(
      (a, b) => view.setTimes(a, b),
      () => view.setRange(null),
    )
    const unit = histogram.unit
    this.made = chart(
      {
        height: 300,
        padding: [8, RIGHT_PX, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: true, range: () => [from, to] },
          y: { distr: 3, range: () => [Math.max(low / 1.1, 1), Math.max(high * 1.1, low * 4)] },
        },
        axes: [
          timeAxis(true),
          axis({
            size: AXIS_PX,
            gap: 3,
            space: 18,
            splits: decades,
            values: (_u, splits) => splits.map(each => inUnit(each, unit)),
            filter: (_u, splits) => splits,
          }),
        ],
        cursor: timeCursor(),
        ...base,
        hooks: { ...base.hooks, draw: [chartOf => this.paint(chartOf)], setCursor: [chartOf => this.hover(chartOf)] },
        series: [{}, { paths: () => null, points: { show: false } }],
      },
      [
        [from, to],
        [low, high],
      ],
      this.host,
    )
    this.made.over.setAttribute('aria-label', 'Heat map of values over time; the table below has its percentiles')
  }

  private cellsOf(histogram: HistogramData): Cell[] {
    const rows = histogram.bounds.map(bound => this.rowFor(lowerBound(bound, histogram.unit)))
    const cells: Cell[] = []
    for (const [column, pairs] of histogram.columns) {
      if (column + (histogram.width ?? 1) <= this.view.from || column > this.view.to) {
        continue
      }
      const byRow = new Map<number, number>()
      for (let i = 0; i < pairs.length; i += 2) {
        const row = rows[pairs[i]!]!
        byRow.set(row, (byRow.get(row) ?? 0) + pairs[i + 1]!)
      }
      for (const [row, value] of byRow) {
        cells.push({ column, row, count: value })
      }
    }
    return cells
  }

  /** The row of a value. Buckets of small values are wider than the rows there, of which some are one then. */
  private rowFor(value: number): number {
    let row = rowOf(Math.max(value, this.least()))
    while (!this.isEdge(row)) {
      row--
    }
    return row
  }

  /** The row above one. */
  private after(row: number): number {
    let next = row + 1
    while (!this.isEdge(next)) {
      next++
    }
    return next
  }

  private isEdge(row: number): boolean {
    return edge(row) === this.least() || edge(row) % narrowest(this.histogram!.unit) === 0
  }

  /** The lowest bucket begins with 0, for which there is no place on a logarithmic axis: it is shown below 64 ns. */
  private least(): number {
    return this.histogram!.unit === 'ns' ? 48 : 1
  }

  private paint(chartOf: uPlot): void {
    this.look()
    const { ctx, bbox } = chartOf
    const { columns } = this.view.data
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    for (const cell of this.cells) {
      const from = columns[cell.column]![0]
      const to = columns[this.lastOf(cell.column)]![1]
      const left = Math.floor(chartOf.valToPos(from / 1000, 'x', true))
      const right = Math.ceil(chartOf.valToPos(to / 1000, 'x', true))
      const bottom = Math.round(chartOf.valToPos(Math.max(1, edge(cell.row)), 'y', true))
      const top = Math.round(chartOf.valToPos(edge(this.after(cell.row)), 'y', true))
      ctx.fillStyle = this.colour(cell.count)
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top))
    }
    ctx.restore()
  }

  /** The last column that a cell covers. */
  private lastOf(column: number): number {
    return Math.min(this.view.data.columns.length, column + (this.histogram!.width ?? 1)) - 1
  }

  /** Asks for the theme: once for a drawing, since for each of 20,000 cells it takes longer than to draw them. */
  private look(): void {
    this.dark = getComputedStyle(document.documentElement).getPropertyValue('--heat').trim() === 'dark'
  }

  private colour(of: number): string {
    const place = this.most > 1 ? Math.log(of) / Math.log(this.most) : 1
    // On light paper few is light: what nearly is nothing must look like it.
    return shade(this.dark ? 0.12 + 0.88 * place : 0.93 - 0.93 * place)
  }

  private drawScale(): void {
    this.look()
    const ramp = el('i', { class: 'ramp' })
    ramp.style.background = `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1]
      .map(each => this.colour(Math.exp(each * Math.log(Math.max(2, this.most)))))
      .join(', ')})`
    replace(this.scale, '1 ', ramp, ` ${count(this.most)} in a cell`)
  }

  recolour(): void {
    if (this.histogram && this.made) {
      this.drawScale()
    }
  }

  private rest(): void {
    const total = this.cells.reduce((sum, each) => sum + each.count, 0)
    replace(this.says, `${count(total)} values. Point at a cell to read it; drag to look at a stretch of time.`)
  }

  private hover(chartOf: uPlot): void {
    const { left, top } = chartOf.cursor
    if (left === undefined || top === undefined || left < 0 || !chartOf.over.matches(':hover')) {
      this.rest()
      return
    }
    const ms = chartOf.posToVal(left, 'x') * 1000
    const row = this.rowFor(chartOf.posToVal(top, 'y'))
    const column = this.view.data.columns.findIndex(([from, to]) => ms >= from && ms < to)
    if (column < 0) {
      return
    }
    const first = column - (column % (this.histogram!.width ?? 1))
    const from = this.view.data.columns[first]![0]
    const to = this.view.data.columns[this.lastOf(first)]![1]
    const cell = this.cells.find(each => each.column === first && each.row === row)
    const unit = this.histogram!.unit
    replace(
      this.says,
      `${clock(from)} – ${clock(to)}, ${edge(row) <= this.least() ? '0' : inUnit(edge(row), unit)} to ${inUnit(edge(this.after(row)), unit)}: ${count(cell?.count ?? 0)}`,
    )
  }
}

/** Rows divide each power of two evenly, so that their edges are edges of buckets. */
function rowOf(value: number): number {
  if (value < 1) {
    return 0
  }
  const power = Math.floor(Math.log2(value))
  return (
    power * ROWS_PER_DOUBLING +
    Math.min(ROWS_PER_DOUBLING - 1, Math.floor((value / 2 ** power - 1) * ROWS_PER_DOUBLING))
  )
}

function edge(row: number): number {
  const power = Math.floor(row / ROWS_PER_DOUBLING)
  return 2 ** power * (1 + (row - power * ROWS_PER_DOUBLING) / ROWS_PER_DOUBLING)
}

function shade(place: number): string {
  const at = Math.max(0, Math.min(1, place)) * (VIRIDIS.length - 1)
  const i = Math.min(VIRIDIS.length - 2, Math.floor(at))
  const part = (offset: number): number => {
    const a = parseInt(VIRIDIS[i]!.slice(offset, offset + 2), 16)
    const b = parseInt(VIRIDIS[i + 1]!.slice(offset, offset + 2), 16)
    return Math.round(a + (b - a) * (at - i))
  }
  return `rgb(${part(1)},${part(3)},${part(5)})`
}
