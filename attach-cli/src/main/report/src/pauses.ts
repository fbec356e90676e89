import type { Pause, PauseThread } from './data'
import { bar, el, replace } from './dom'
import { clock, count, duration, percent } from './format'
import { Marks } from './marks'
import { namedParts, partOf, who } from './states'
import { Table } from './table'
import type { View } from './view'

const ROLES: Record<string, string> = { vm: 'VM thread', gc: 'GC worker', late: 'late' }

/** The pauses on the time axis, and what the chosen one consisted of. */
export class Pauses {
  readonly lane: HTMLElement
  readonly element: HTMLElement
  private readonly marks: Marks
  private readonly anatomy = el('div', { class: 'anatomy', 'aria-live': 'polite' })
  private readonly table: Table<number>
  private readonly list: Pause[]
  private chosen = -1

  constructor(private readonly view: View) {
    this.list = view.data.pauses
    this.marks = new Marks(
      view,
      'Pauses',
      this.list.map(each => ({
        atMs: each.atMs,
        ns: each.totalNs,
        colour: partOf(largest(each)).colour,
        label: each.operation,
      })),
      i => this.choose(i),
      () => this.summary(),
    )
    this.lane = this.marks.element
    this.table = new Table<number>(
      'Longest pauses',
      [
        { title: 'Began', className: 'nowrap', cell: i => this.opener(i), sort: i => this.list[i]!.atMs },
        { title: 'Took', number: true, cell: i => duration(this.list[i]!.totalNs), sort: i => this.list[i]!.totalNs },
        { title: 'Operation', cell: i => this.list[i]!.operation, sort: i => this.list[i]!.operation },
        { title: 'Went into', className: 'wide', cell: i => partsBar(this.list[i]!) },
      ],
      1,
      8,
      (i, row) => {
        row.classList.toggle('chosen', i === this.chosen)
        row.addEventListener('click', () => this.choose(i))
      },
    )
    this.element = el('div', { class: 'pair pauses', id: 'pauses' }, this.table.element, this.anatomy)
    this.element.hidden = this.list.length === 0
    view.onChange(() => this.update())
  }

  start(): void {
    this.marks.start()
    this.update()
  }

  /** Opens the longest pause of the recording. */
  openLongest(): void {
    const longest = this.byLength()[0]
    if (longest !== undefined) {
      this.choose(longest)
    }
  }

  private byLength(): number[] {
    return this.list
      .map((_, i) => i)
      .filter(i => this.view.has(this.list[i]!.atMs))
      .sort((a, b) => this.list[b]!.totalNs - this.list[a]!.totalNs)
  }

  private choose(i: number): void {
    this.chosen = i
    this.marks.setChosen(i)
    this.table.setRows(this.byLength())
    this.show(this.list[i]!)
  }

  private update(): void {
    const order = this.byLength()
    if (!order.includes(this.chosen)) {
      this.chosen = order[0] ?? -1
    }
    this.table.setRows(order)
    this.marks.setChosen(this.chosen)
    this.chosen >= 0
      ? this.show(this.list[this.chosen]!)
      : replace(this.anatomy, el('p', { class: 'empty' }, 'No pause in this time.'))
  }

  private summary(): string {
    const inside = this.list.filter(each => this.view.has(each.atMs))
    if (inside.length === 0) {
      return 'none'
    }
    const total = inside.reduce((sum, each) => sum + each.totalNs, 0)
    const { data } = this.view
    const all = data.histograms.find(each => each.metric === 'safepoint' && !each.pool && !each.operation)
    if (all && !this.view.range) {
      return (
        `${count(all.count)}, ${percent(all.sum / this.view.wallNs)} of the time` +
        (all.count > inside.length ? `; ${count(inside.length)} are listed` : '')
      )
    }
    const more = data.missingPauses + (data.pausesLeftOut ?? 0)
    return more
      ? `${count(inside.length)}; ${count(more)} others are not listed`
      : `${count(inside.length)}, ${percent(total / this.view.wallNs)} of the time`
  }

  private opener(i: number): HTMLElement {
    return el('button', { type: 'button', class: 'link' }, clock(this.list[i]!.atMs, 3))
  }

  private show(pause: Pause): void {
    const parts = Object.entries(pause.partsNs)
      .filter(([, ns]) => ns > 0)
      .sort((a, b) => b[1] - a[1])
    const table = new Table<PauseThread>(
      'Threads in this pause',
      [
        { title: 'Role', className: 'nowrap', cell: thread => ROLES[thread.role] ?? thread.role },
        { title: 'Thread', cell: thread => el('span', { class: 'threadname' }, thread.name || `tid ${thread.tid}`) },
        { title: 'Did', className: 'wide', cell: thread => timesBar(thread, pause) },
        { title: 'Ran', number: true, cell: thread => duration(thread.timesNs['running'] ?? 0) },
        { title: 'No CPU', number: true, cell: thread => duration(thread.timesNs['runnable'] ?? 0) },
        {
          title: 'Behind',
          className: 'prose',
          cell: thread =>
            (thread.occupants ?? [])
              .slice(0, 3)
              .map(each => `${each.kind === 'process' ? each.who : who(each.kind)} ${duration(each.ns)}`)
              .join(', '),
        },
        {
          title: 'Faults',
          number: true,
          means: 'Page faults, minor + major',
          cell: thread => `${count(thread.minorFaults ?? 0)}+${count(thread.majorFaults ?? 0)}`,
        },
      ],
      -1,
      12,
    )
    table.setRows(pause.threads ?? [])
    replace(
      this.anatomy,
      el('h3', {}, `${pause.operation}, ${duration(pause.totalNs)}`),
      el(
        'p',
        { class: 'lead' },
        `${pause.gc ? 'Garbage collection' : 'No garbage collection'}, began ${clock(pause.atMs, 3)}; ${duration(pause.timeToSafepointNs ?? 0)} until all threads had stopped.` +
          (pause.incomplete
            ? ' Incomplete: records of it were lost, so parts and threads are not exact; its length is.'
            : ''),
      ),
      partsBar(pause, 'bar big'),
      el(
        'ul',
        { class: 'parts' },
        ...parts.map(([part, ns]) => {
          const { label, colour } = partOf(part)
          const swatch = el('i', { class: 'swatch' })
          swatch.style.background = colour
          return el('li', {}, swatch, el('b', {}, `${duration(ns)} `), `${label} (${percent(ns / pause.totalNs)})`)
        }),
      ),
      pause.threads?.length ? table.element : el('p', { class: 'lead' }, 'No thread of it is known.'),
    )
  }
}

function largest(pause: Pause): string {
  return Object.entries(pause.partsNs).reduce(
    (best, each) => (each[1] > best[1] ? each : best),
    ['blocked_other', 0],
  )[0]
}

function partsBar(pause: Pause, className = 'bar'): HTMLElement {
  return bar(
    Object.entries(pause.partsNs).map(([part, ns]) => ({
      ...partOf(part),
      value: ns,
      text: `${duration(ns)} (${percent(ns / pause.totalNs)})`,
    })),
    pause.totalNs,
    className,
  )
}

/** Of a late thread until it stopped, so the bar may be shorter than the pause. */
function timesBar(thread: PauseThread, pause: Pause): HTMLElement {
  return bar(namedParts(thread.timesNs), pause.totalNs)
}
