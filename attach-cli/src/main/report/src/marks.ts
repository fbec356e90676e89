import uPlot from 'uplot'
import { AXIS_PX, RIGHT_PX, axis, chart, chooseTime, decades, drop, timeAxis, timeCursor } from './charts'
import { el, replace } from './dom'
import { clock, duration, inUnit } from './format'
import { resolve } from './states'
import type { View } from './view'

export interface Mark {
  atMs: number
  ns: number
  colour: string
  label: string
}

/**
 * Single happenings on the time axis, as bars whose height is how long they took (logarithmic). A click chooses the
 * nearest, as do the arrow keys.
 */
export class Marks {
  readonly element: HTMLElement
  private readonly host = el('div', { class: 'plot', tabindex: 0, role: 'group' })
  private readonly says = el('span', { class: 'says' })
  private made: uPlot | null = null
  private chosen = -1
  private shown: number[] = []

  constructor(
    private readonly view: View,
    title: string,
    private readonly marks: Mark[],
    private readonly choose: (index: number) => void,
    private readonly summary: () => string,
    private readonly fits: (index: number) => boolean = () => true,
  ) {
    this.host.setAttribute('aria-label', `${title}: arrow keys choose one`)
    this.element = el(
      'div',
      { class: 'lane marks' },
      el('div', { class: 'side' }, el('span', { class: 'name' }, title), this.says),
      this.host,
    )
    this.host.addEventListener('keydown', event => this.key(event))
    view.onChange(() => this.update())
  }

  start(): void {
    this.update()
  }

  /** Draws this one as the chosen one. */
  setChosen(index: number): void {
    this.chosen = index
    this.made?.redraw(false)
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || this.shown.length === 0) {
      return
    }
    event.preventDefault()
    const place = this.shown.indexOf(this.chosen)
    const next =
      place < 0 ? (step > 0 ? 0 : this.shown.length - 1) : Math.max(0, Math.min(this.shown.length - 1, place + step))
    this.choose(this.shown[next]!)
  }

  private update(): void {
    const { view, marks } = this
    if (this.made) {
      drop(this.made)
      this.made = null
    }
    this.shown = marks
      .map((_, i) => i)
      .filter(i => view.has(marks[i]!.atMs) && this.fits(i))
      .sort((a, b) => marks[a]!.atMs - marks[b]!.atMs)
    replace(this.says, this.summary())
    if (marks.length === 0) {
      replace(this.host, el('p', { class: 'empty' }, 'none'))
      return
    }
    this.host.textContent = ''
    let least = Infinity
    let most = 0
    for (const { ns } of marks) {
      least = Math.min(least, Math.max(ns, 1e3))
      most = Math.max(most, ns)
    }
    const low = Math.min(10 ** Math.floor(Math.log10(least)), most / 10)
    const from = view.fromMs / 1000
    const to = view.toMs / 1000
    const base = chooseTime(
      (a, b) => view.setTimes(a, b),
      () => view.setRange(null),
    )
    this.made = chart(
      {
        height: 84,
        padding: [6, RIGHT_PX, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: true, range: () => [from, to] },
          y: { distr: 3, range: () => [low, Math.max(most * 1.3, low * 10)] },
        },
        axes: [
          timeAxis(true),
          axis({
            size: AXIS_PX,
            gap: 3,
            space: 14,
            splits: decades,
            values: (_u, splits) => splits.map(each => inUnit(each, 'ns')),
            filter: (_u, splits) => splits,
          }),
        ],
        cursor: { ...timeCursor(), points: { show: false } },
        ...base,
        hooks: {
          ...base.hooks,
          draw: [chartOf => this.paint(chartOf, low)],
          ready: [
            ...base.hooks!.ready!,
            chartOf => chartOf.over.addEventListener('click', event => this.click(chartOf, event)),
          ],
          setCursor: [chartOf => this.hover(chartOf)],
        },
        series: [{}, { show: true, paths: () => null, points: { show: false } }],
      },
      [
        [from, to],
        [low, most],
      ],
      this.host,
    )
  }

  private paint(chartOf: uPlot, low: number): void {
    const { ctx, bbox } = chartOf
    const ratio = devicePixelRatio
    const bottom = bbox.top + bbox.height
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top - 4, bbox.width, bbox.height + 4)
    ctx.clip()
    const colours = new Map<string, string>()
    const width = Math.max(1.5, Math.min(6, (0.6 * bbox.width) / ratio / Math.max(1, this.shown.length))) * ratio
    for (const pass of [false, true]) {
      for (const i of this.shown) {
        if ((i === this.chosen) !== pass) {
          continue
        }
        const { atMs, ns, colour } = this.marks[i]!
        if (!colours.has(colour)) {
          colours.set(colour, resolve(colour))
        }
        const x = chartOf.valToPos(atMs / 1000, 'x', true)
        const y = chartOf.valToPos(Math.max(ns, low), 'y', true)
        ctx.fillStyle = colours.get(colour)!
        ctx.fillRect(x - width / 2, y, width, Math.max(2 * ratio, bottom - y))
        if (pass) {
          ctx.strokeStyle = resolve('var(--text)')
          ctx.lineWidth = 1.5 * ratio
          ctx.strokeRect(x - width / 2 - 2 * ratio, y - 2 * ratio, width + 4 * ratio, bottom - y + 2 * ratio)
        }
      }
    }
    ctx.restore()
  }

  /** The highest of those within some pixels: what the reader most likely means. */
  private nearest(chartOf: uPlot, left: number): number {
    let best = -1
    let bestScore = Infinity
    for (const i of this.shown) {
      const away = Math.abs(chartOf.valToPos(this.marks[i]!.atMs / 1000, 'x') - left)
      if (away <= 8) {
        const score = away / 2 - Math.log10(Math.max(1, this.marks[i]!.ns))
        if (score < bestScore) {
          bestScore = score
          best = i
        }
      }
    }
    return best
  }

  private click(chartOf: uPlot, event: MouseEvent): void {
    const found = this.nearest(chartOf, event.clientX - chartOf.over.getBoundingClientRect().left)
    if (found >= 0) {
      this.choose(found)
    }
  }

  private hover(chartOf: uPlot): void {
    const left = chartOf.cursor.left ?? -1
    const found = left < 0 || !chartOf.over.matches(':hover') ? -1 : this.nearest(chartOf, left)
    chartOf.over.style.cursor = found < 0 ? 'crosshair' : 'pointer'
    replace(
      this.says,
      found < 0
        ? this.summary()
        : `${clock(this.marks[found]!.atMs, 3)} ${duration(this.marks[found]!.ns)} ${this.marks[found]!.label}`,
    )
  }
}
