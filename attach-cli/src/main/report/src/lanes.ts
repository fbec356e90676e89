import uPlot from 'uplot'
import { AXIS_PX, RIGHT_PX, axis, chart, chooseTime, drop, timeAxis, timeCursor } from './charts'
import type { Pool } from './data'
import { bar, el, replace, section } from './dom'
import { clock, count, percent, span, threads } from './format'
import { type State, STATES, inOrder, resolve, stateParts, who, whoShort } from './states'
import { type View, timesOf } from './view'

const FIRST = 5

interface Lane {
  pool: Pool
  row: HTMLElement
  host: HTMLElement
  side: HTMLElement
  chart: uPlot | null
}

/**
 * A stacked timeline for each pool, on one time axis. Height is the mean number of threads in that state at that
 * time. The pools that were held up longest come first, as in attach-cli top.
 */
export class Lanes {
  readonly element: HTMLElement
  private readonly shown: Set<string>
  private readonly lanes: Lane[] = []
  private readonly legend = new Map<string, HTMLElement>()
  private readonly at = el('p', { class: 'at now', 'aria-live': 'off' })
  private readonly list = el('div', {
    class: 'lanes',
    tabindex: 0,
    role: 'group',
    onkeydown: event => this.key(event as KeyboardEvent),
    'aria-label': 'Timelines: plus and minus look closer or wider, arrow keys move, 0 shows all',
  })
  private readonly more = el('button', { class: 'more', type: 'button', onclick: () => this.toggleMore() })
  private readonly states: State[]
  private all = false
  /** Whether all rows have the scale of the highest. */
  private alike = false
  private highest = 0
  private hovered: Lane | null = null
  private column = -1

  /** @param marks lanes of single happenings, which stand below the pools on the same axis */
  constructor(
    private readonly view: View,
    private readonly marks: HTMLElement[],
  ) {
    const data = view.data
    this.states = inOrder(data.states)
    this.shown = new Set(this.states.filter(each => each.metric === 'running' || each.delay).map(each => each.metric))
    const { element, body } = section(
      'time',
      'Where the time went',
      'Threads in each state on average, one row per pool, those held up longest first. ' +
        'Drag to see a stretch of time on the whole page, double-click to see all.',
    )
    body.append(this.tools(), this.list, this.more, ...this.marks)
    this.element = element
    const order = data.pools
      .map((_, i) => i)
      .sort(
        (a, b) =>
          this.delay(data.pools[b]!) - this.delay(data.pools[a]!) ||
          this.ran(data.pools[b]!) - this.ran(data.pools[a]!),
      )
    for (const i of order) {
      this.lanes.push(this.lane(data.pools[i]!))
    }
    this.rest()
    view.onChange(() => this.update())
  }

  /** Draws; the element must be in the page, since charts need to know their width. */
  start(): void {
    this.update()
  }

  private delay(pool: Pool): number {
    return this.view.data.states.reduce(
      (sum, name, i) => sum + (STATES.find(each => each.metric === name)?.delay ? pool.totalNs[i]! : 0),
      0,
    )
  }

  private ran(pool: Pool): number {
    return pool.totalNs[this.view.data.states.indexOf('running')] ?? 0
  }

  private tools(): HTMLElement {
    const preset = (label: string, title: string, metrics: string[]): HTMLElement =>
      el(
        'button',
        {
          type: 'button',
          class: 'preset',
          title,
          'data-states': metrics.join(' '),
          onclick: () => {
            this.shown.clear()
            metrics.forEach(each => this.shown.add(each))
            this.redraw()
          },
        },
        label,
      )
    const chips = el('span', { class: 'chips', role: 'group', 'aria-label': 'States that are drawn' })
    for (const each of this.states) {
      const value = el('b')
      this.legend.set(each.metric, value)
      const swatch = el('i', { class: 'swatch' })
      swatch.style.background = each.colour
      const chip = el(
        'button',
        {
          type: 'button',
          class: 'chip',
          title: each.means,
          'data-state': each.metric,
          onclick: () => {
            this.shown.has(each.metric) ? this.shown.delete(each.metric) : this.shown.add(each.metric)
            this.redraw()
          },
        },
        swatch,
        each.label,
        ' ',
        value,
      )
      chips.append(chip)
    }
    return el(
      'div',
      { class: 'tools' },
      preset(
        'Running and held up',
        'What ran, and what would have gone on if it could',
        this.states.filter(each => each.metric === 'running' || each.delay).map(each => each.metric),
      ),
      preset(
        'All time',
        'Also what may be no more than idleness',
        this.states.map(each => each.metric),
      ),
      el(
        'button',
        {
          type: 'button',
          class: 'preset alike',
          'aria-pressed': 'false',
          title: 'Give all rows the scale of the highest',
          onclick: event => this.turnScale(event),
        },
        'Same scale',
      ),
      this.at,
      chips,
    )
  }

  private lane(pool: Pool): Lane {
    const side = el('div', { class: 'side' })
    const host = el('div', { class: 'plot' })
    const row = el('div', { class: 'lane', 'data-pool': pool.name }, side, host)
    const lane: Lane = { pool, row, host, side, chart: null }
    row.addEventListener('pointerenter', () => {
      this.hovered = lane
    })
    row.addEventListener('pointerleave', () => {
      this.hovered = null
      this.rest()
    })
    return lane
  }

  /** What a drag does, with keys: + and - halve and double the stretch of time, arrows move it by a quarter. */
  private key(event: KeyboardEvent): void {
    if (event.target !== this.list || event.ctrlKey || event.metaKey || event.altKey) {
      return
    }
    const { view } = this
    const last = view.data.columns.length - 1
    const length = view.to - view.from + 1
    const step = Math.max(1, Math.round(length / 4))
    const place = (from: number, columns: number): void => {
      const most = Math.min(columns, last + 1)
      const first = Math.max(0, Math.min(from, last + 1 - most))
      view.setRange([first, first + most - 1])
    }
    switch (event.key) {
      case '+':
      case '=':
        place(view.from + step, Math.max(1, length - 2 * step))
        break
      case '-':
        place(view.from - Math.ceil(length / 2), length * 2)
        break
      case 'ArrowLeft':
        place(view.from - step, length)
        break
      case 'ArrowRight':
        place(view.from + step, length)
        break
      case '0':
        view.setRange(null)
        break
      default:
        return
    }
    event.preventDefault()
    this.list.focus()
  }

  private toggleMore(): void {
    this.all = !this.all
    this.update()
  }

  private visible(): Lane[] {
    return this.all ? this.lanes : this.lanes.filter((lane, i) => i < FIRST || lane.pool.name === this.view.pool)
  }

  private update(): void {
    const visible = this.visible()
    for (const lane of this.lanes) {
      if (!visible.includes(lane) && lane.chart) {
        drop(lane.chart)
        lane.chart = null
      }
    }
    replace(this.list, ...visible.map(lane => lane.row))
    const hidden = this.lanes.length - visible.length
    this.more.hidden = this.lanes.length <= FIRST
    this.more.textContent = this.all
      ? `Only the first ${FIRST} pools`
      : `${count(hidden)} more ${hidden === 1 ? 'pool' : 'pools'}: ${this.namesOf(visible)}`
    this.more.setAttribute('aria-expanded', String(this.all))
    for (const lane of visible) {
      this.fillSide(lane)
    }
    this.redraw()
    this.rest()
  }

  private namesOf(visible: Lane[]): string {
    const names = this.lanes.filter(lane => !visible.includes(lane)).map(lane => lane.pool.name)
    return names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '')
  }

  private fillSide(lane: Lane): void {
    const { view } = this
    const { pool, side } = lane
    const times = timesOf(view, pool)
    const total = times.reduce((sum, each) => sum + each, 0)
    const delayed = view.data.states.reduce(
      (sum, name, i) => sum + (STATES.find(each => each.metric === name)?.delay ? times[i]! : 0),
      0,
    )
    const ran = times[view.data.states.indexOf('running')] ?? 0
    const chosen = view.pool === pool.name
    lane.row.classList.toggle('chosen', chosen)
    const waited = behind(pool)
    const waitedShort = behind(pool, whoShort)
    replace(
      side,
      el(
        'button',
        {
          type: 'button',
          class: 'name',
          title: chosen
            ? `${pool.name}: show all pools again`
            : `${pool.name}: show its latencies, threads and events`,
          'aria-pressed': String(chosen),
          onclick: () => view.setPool(chosen ? null : pool.name),
        },
        el('span', { class: 'text' }, pool.name),
        el('span', { class: 'times' }, ` ×${count(pool.threads + (pool.ended ?? 0))}`),
      ),
      bar(stateParts(view.data.states, times), total),
      el(
        'span',
        { class: 'says' },
        `ran ${percent(ran / total)}, held up ${percent(delayed / total)} of ${span(total)}`,
      ),
      waited && delayed / total > 0.005
        ? el('span', { class: 'says', title: `${waited}: who had the CPU, of waits of 16 µs and more` }, waitedShort)
        : null,
    )
  }

  private turnScale(event: Event): void {
    this.alike = !this.alike
    ;(event.currentTarget as HTMLElement).setAttribute('aria-pressed', String(this.alike))
    this.redraw()
  }

  /** The most threads of any pool in what is drawn. */
  private top(): number {
    let top = 0
    for (const { pool } of this.lanes) {
      const series = this.drawn()
        .map(each => pool.series[each.metric])
        .filter(each => each !== undefined)
      for (let i = this.view.from; i <= this.view.to; i++) {
        const [from, to] = this.view.data.columns[i]!
        const sum = series.reduce((ns, each) => ns + (each[i] ?? 0), 0)
        top = Math.max(top, sum / (Math.max(1, to - from) * 1e6))
      }
    }
    return top
  }

  private drawn(): State[] {
    return this.states.filter(each => this.shown.has(each.metric))
  }

  private redraw(): void {
    for (const chip of this.element.querySelectorAll<HTMLElement>('.chip')) {
      chip.setAttribute('aria-pressed', String(this.shown.has(chip.dataset.state!)))
    }
    for (const preset of this.element.querySelectorAll<HTMLElement>('[data-states]')) {
      const metrics = preset.dataset['states']!.split(' ')
      preset.setAttribute(
        'aria-pressed',
        String(metrics.length === this.shown.size && metrics.every(each => this.shown.has(each))),
      )
    }
    this.highest = this.alike ? this.top() : 0
    const visible = this.visible()
    visible.forEach((lane, i) => this.plot(lane, i === visible.length - 1))
  }

  /** Cumulated from the bottom, the whole first: each following series is painted over it. */
  private plot(lane: Lane, last: boolean): void {
    if (lane.chart) {
      drop(lane.chart)
    }
    const { columns } = this.view.data
    const drawn = this.drawn().filter(each => lane.pool.series[each.metric])
    const xs = columns.map(([from]) => from / 1000)
    xs.push(columns[columns.length - 1]![1] / 1000)
    const sums: number[][] = []
    let below = new Array<number>(xs.length).fill(0)
    for (const each of drawn) {
      const series = lane.pool.series[each.metric]!
      const next = below.map((value, i) => {
        const column = Math.min(i, columns.length - 1)
        return value + (series[column] ?? 0) / (Math.max(1, columns[column]![1] - columns[column]![0]) * 1e6)
      })
      sums.push(next)
      below = next
    }
    let top = 0
    for (let i = this.view.from; i <= this.view.to; i++) {
      top = Math.max(top, below[i] ?? 0)
    }
    const scale = this.alike ? this.highest : top
    // With a column of some pixels its border would hide it.
    const fine = this.view.to - this.view.from > 200
    const stepped = uPlot.paths.stepped!({ align: 1 })
    const series: uPlot.Series[] = [{}]
    const values: number[][] = []
    for (let i = drawn.length - 1; i >= 0; i--) {
      const colour = drawn[i]!.colour
      series.push({
        paths: stepped,
        points: { show: false },
        width: fine ? 0 : 0.5,
        fill: () => resolve(colour),
        stroke: () => resolve('var(--line)'),
      })
      values.push(sums[i]!)
    }
    const from = this.view.fromMs / 1000
    const to = this.view.toMs / 1000
    const choose = chooseTime(
      (a, b) => this.view.setTimes(a, b),
      () => this.view.setRange(null),
    )
    lane.chart = chart(
      {
        height: last ? 86 : 62,
        padding: [6, RIGHT_PX, last ? 0 : 4, 0],
        legend: { show: false },
        scales: { x: { time: true, range: () => [from, to] }, y: { range: () => [0, Math.max(scale * 1.04, 0.01)] } },
        axes: [timeAxis(last), axis({ size: AXIS_PX, gap: 3, space: 22, values: (_u, splits) => splits.map(short) })],
        cursor: timeCursor(),
        ...choose,
        hooks: { ...choose.hooks, setCursor: [made => this.hover(lane, made)] },
        series,
      },
      [xs, ...values] as uPlot.AlignedData,
      lane.host,
    )
    lane.chart.over.setAttribute('aria-label', `Timeline of ${lane.pool.name}`)
  }

  private hover(lane: Lane, made: uPlot): void {
    if (lane !== this.hovered) {
      return
    }
    const left = made.cursor.left ?? -1
    if (left < 0) {
      return
    }
    const ms = made.posToVal(left, 'x') * 1000
    const columns = this.view.data.columns
    let low = 0
    let high = columns.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      columns[middle]![0] <= ms ? (low = middle) : (high = middle - 1)
    }
    this.column = low
    const [from, to] = columns[low]!
    this.tell(
      `${lane.pool.name}, ${clock(from)} – ${clock(to)}`,
      metric => (lane.pool.series[metric]?.[this.column] ?? 0) / (Math.max(1, to - from) * 1e6),
    )
  }

  /** What the legend says while nobody points at anything: all pools over what is chosen. */
  private rest(): void {
    const { view } = this
    const totals = new Array<number>(view.data.states.length).fill(0)
    for (const pool of view.data.pools) {
      timesOf(view, pool).forEach((value, i) => {
        totals[i]! += value
      })
    }
    this.tell(
      `All pools, ${span(view.wallNs)}`,
      metric => (totals[view.data.states.indexOf(metric)] ?? 0) / view.wallNs,
    )
  }

  private tell(what: string, of: (metric: string) => number): void {
    this.at.textContent = `${what}: threads on average`
    for (const [metric, element] of this.legend) {
      const value = of(metric)
      element.textContent = threads(value)
      element.parentElement!.classList.toggle('none', value === 0)
    }
  }
}

function short(value: number): string {
  return value >= 1000 ? `${value / 1000}k` : String(+value.toFixed(3))
}

/** Behind whom a pool's threads waited for a CPU: the largest two. */
export function behind(pool: { waitedNs?: Record<string, number> }, name = who): string | null {
  const waits = Object.entries(pool.waitedNs ?? {})
    .filter(([, ns]) => ns > 0)
    .sort((a, b) => b[1] - a[1])
  const total = waits.reduce((sum, [, ns]) => sum + ns, 0)
  if (total === 0) {
    return null
  }
  return (
    'behind ' +
    waits
      .slice(0, 2)
      .map(([kind, ns]) => `${name(kind)} ${percent(ns / total)}`)
      .join(', ')
  )
}
