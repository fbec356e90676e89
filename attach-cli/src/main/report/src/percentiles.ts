import type uPlot from 'uplot'
import { AXIS_PX, axis, chart, decades, drop } from './charts'
import { el, replace } from './dom'
import { inUnit } from './format'
import { type Distribution, valueAt } from './histogram'
import { resolve } from './states'

export interface Curve {
  name: string
  of: Distribution
}

/** Told apart by dashes too, not by colour alone. */
const LINES = ['text', 's-safepoint', 's-runnable', 's-running', 's-monitor', 's-disk', 's-socket']
const DASHES = [[], [], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]]

const POINTS = 480

/** Values by percentile, as HdrHistogram's users know them: each nine has the same width. */
export class Percentiles {
  readonly element: HTMLElement
  private readonly host = el('div', { class: 'plot' })
  private readonly names = el('span', { class: 'keys' })
  private readonly says = el('p', { class: 'at' })
  private readonly scale = el('button', { type: 'button', class: 'preset', onclick: () => this.turn() }, 'Linear')
  private made: uPlot | null = null
  private curves: Curve[] = []
  private unit = 'ns'
  private logarithmic = true

  constructor() {
    this.element = el(
      'figure',
      { class: 'curves' },
      el('figcaption', {}, el('span', { class: 'figtitle' }, 'By percentile'), this.names, this.scale),
      this.host,
      this.says,
    )
  }

  show(curves: Curve[], unit: string): void {
    this.curves = curves.filter(each => each.of.count > 0).slice(0, LINES.length)
    this.unit = unit
    this.draw()
  }

  private turn(): void {
    this.logarithmic = !this.logarithmic
    this.draw()
  }

  private draw(): void {
    if (this.made) {
      drop(this.made)
      this.made = null
    }
    this.host.textContent = ''
    this.scale.textContent = this.logarithmic ? 'Linear scale' : 'Logarithmic scale'
    this.rest()
    replace(
      this.names,
      ...this.curves.map((curve, i) => {
        const swatch = el('i', { class: 'line' })
        swatch.style.borderTop = `3px ${DASHES[i]!.length ? (DASHES[i]![0]! > 4 ? 'dashed' : 'dotted') : 'solid'} var(--${LINES[i]})`
        return el('span', { class: 'key' }, swatch, curve.name)
      }),
    )
    if (this.curves.length === 0) {
      this.host.append(el('p', { class: 'empty' }, 'none'))
      return
    }
    const most = this.curves.reduce((max, each) => Math.max(max, each.of.count), 0)
    // To the last nine that the largest of them fills, and a bit of the line at its maximum.
    const end = Math.max(1, Math.ceil(Math.log10(most) * 10) / 10)
    const xs = Array.from({ length: POINTS + 1 }, (_, i) => (i / POINTS) * end)
    const values = this.curves.map(({ of }) => {
      const last = Math.log10(of.count)
      return xs.map(x =>
        x <= last + end / POINTS ? Math.max(valueAt(of, 1 - 10 ** -x), this.logarithmic ? 1 : 0) : null,
      )
    })
    const all = values.flat().filter((each): each is number => each !== null)
    const low = all.reduce((a, b) => Math.min(a, b), Infinity)
    const high = all.reduce((a, b) => Math.max(a, b), 0)
    const ticks: number[] = [0, Math.log10(2)]
    for (let nine = 1; nine <= end; nine++) {
      ticks.push(nine)
    }
    this.made = chart(
      {
        height: 300,
        padding: [8, 14, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [0, end] },
          y: {
            distr: this.logarithmic ? 3 : 1,
            range: () => (this.logarithmic ? [low / 1.2, Math.max(high * 1.2, low * 2)] : [0, high * 1.05]),
          },
        },
        axes: [
          axis({ size: 26, gap: 4, splits: () => ticks, values: (_u, splits) => splits.map(name) }),
          axis({
            size: AXIS_PX,
            gap: 3,
            space: 18,
            ...(this.logarithmic ? { splits: decades, filter: (_u: uPlot, splits: number[]) => splits } : {}),
            values: (_u, splits) => splits.map(each => inUnit(each, this.unit)),
          }),
        ],
        cursor: { x: true, y: false, drag: { x: false, y: false }, points: { size: 6 } },
        hooks: { setCursor: [chartOf => this.hover(chartOf, xs, values)] },
        series: [
          {},
          ...this.curves.map((_, i) => ({
            stroke: () => resolve(`var(--${LINES[i]})`),
            width: 2,
            dash: DASHES[i]!,
            points: { show: false },
          })),
        ],
      },
      [xs, ...values] as uPlot.AlignedData,
      this.host,
    )
  }

  private rest(): void {
    replace(this.says, 'Point at the curves to read them.')
  }

  private hover(chartOf: uPlot, xs: number[], values: (number | null)[][]): void {
    const i = chartOf.cursor.idx
    if (i === null || i === undefined || !chartOf.over.matches(':hover')) {
      this.rest()
      return
    }
    const share = 1 - 10 ** -xs[i]!
    replace(
      this.says,
      `${(share * 100).toFixed(Math.max(1, Math.ceil(xs[i]!)))}%: ` +
        this.curves
          .map((curve, k) => `${curve.name} ${values[k]![i] === null ? '–' : inUnit(values[k]![i]!, this.unit)}`)
          .join(', '),
    )
  }
}

function name(x: number): string {
  if (x === 0) {
    return '0%'
  }
  if (x < 1) {
    return '50%'
  }
  return x < 2 ? '90%' : x < 3 ? '99%' : `99.${'9'.repeat(Math.round(x) - 2)}%`
}
