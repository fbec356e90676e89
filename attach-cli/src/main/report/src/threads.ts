import type { Thread } from './data'
import { bar, el, section } from './dom'
import { count, duration, percent } from './format'
import { STATES, stateParts } from './states'
import { behind } from './lanes'
import { Table } from './table'
import { type View, timesOf } from './view'

interface Row {
  name: string
  times: number[]
  total: number
  delayed: number
  waited: string | null
}

interface PoolRow extends Row {
  live: number
  ended: number
}

interface ThreadRow extends Row {
  thread: Thread
}

/** The tables of pools and of threads. */
export class Threads {
  readonly element: HTMLElement
  private readonly pools: Table<PoolRow>
  private readonly threads: Table<ThreadRow>
  private readonly filter = el('input', {
    type: 'search',
    id: 'thread-filter',
    placeholder: 'part of a name, or a tid',
    oninput: () => this.updateThreads(),
  })

  constructor(private readonly view: View) {
    const { data } = view
    const at =
      (metric: string) =>
      (row: Row): number =>
        row.times[data.states.indexOf(metric)] ?? 0
    const share =
      (of: (row: Row) => number) =>
      (row: Row): number =>
        row.total ? of(row) / row.total : 0
    const ran = share(at('running'))
    const waiting = share(at('runnable'))
    const delayed = share(row => row.delayed)
    const common = [
      {
        title: 'Where the time went',
        className: 'wide',
        cell: (row: Row) => bar(stateParts(data.states, row.times), row.total),
      },
      { title: 'Ran', number: true, cell: (row: Row) => percent(ran(row)), sort: (row: Row) => at('running')(row) },
      {
        title: 'No CPU',
        number: true,
        means: 'Able to run, without a CPU: runnable',
        cell: (row: Row) => percent(waiting(row)),
        sort: (row: Row) => at('runnable')(row),
      },
      {
        title: 'Held up',
        number: true,
        means:
          'Would have gone on if it could: no CPU, monitor, disk, safepoint, page fault, reclaim; sorted by time',
        cell: (row: Row) => percent(delayed(row)),
        sort: (row: Row) => row.delayed,
      },
      { title: 'Mostly', className: 'prose', cell: (row: Row) => mostly(data.states, row) },
      {
        title: 'Behind',
        className: 'prose',
        means: 'Who had the CPU for which it waited; of the whole recording',
        cell: (row: Row) => (row.waited ?? '').replace(/^behind /, ''),
      },
    ]
    this.pools = new Table<PoolRow>(
      'Pools',
      [
        { title: 'Pool', cell: row => this.poolName(row.name), sort: row => row.name },
        {
          title: 'Threads',
          number: true,
          means: 'At the end, and those that had ended',
          cell: row => (row.ended ? `${count(row.live)} + ${count(row.ended)} ended` : count(row.live)),
          sort: row => row.live,
        },
        ...common,
      ],
      5,
      20,
      (row, element) => element.classList.toggle('chosen', row.name === view.pool),
    )
    this.threads = new Table<ThreadRow>(
      'Threads',
      [
        {
          title: 'Thread',
          cell: row => el('span', { class: 'threadname', title: row.thread.kind }, row.name || '(no name)'),
          sort: row => row.name,
        },
        { title: 'tid', number: true, cell: row => String(row.thread.tid || ''), sort: row => row.thread.tid },
        { title: 'Wall', number: true, cell: row => duration(row.total), sort: row => row.total },
        ...common,
        {
          title: 'Moved',
          number: true,
          means: 'How often it came to another CPU',
          cell: row => count(row.thread.migrations ?? 0),
          sort: row => row.thread.migrations ?? 0,
        },
        {
          title: 'Faults',
          number: true,
          means: 'Page faults, minor + major',
          cell: row => `${count(row.thread.minorFaults ?? 0)}+${count(row.thread.majorFaults ?? 0)}`,
          sort: row => row.thread.minorFaults ?? 0,
        },
      ],
      6,
      30,
    )
    const { element, body } = section(
      'threads',
      'Pools and threads',
      'Each is always in exactly one state, so a bar is all of its time. Threads that ended are in their pool.',
    )
    this.element = element
    body.append(
      this.pools.element,
      el(
        'div',
        { class: 'tools' },
        el('label', { for: 'thread-filter' }, 'Threads with'),
        this.filter,
        el(
          'span',
          { class: 'hint' },
          'of the whole recording' +
            (data.threadsLeftOut ? `; ${count(data.threadsLeftOut)} that did least are in their pools only` : ''),
        ),
      ),
      this.threads.element,
    )
    view.onChange(() => this.update())
  }

  start(): void {
    this.update()
  }

  private poolName(name: string): HTMLElement {
    return el(
      'button',
      { type: 'button', class: 'link', onclick: () => this.view.setPool(this.view.pool === name ? null : name) },
      name,
    )
  }

  private update(): void {
    const { view } = this
    this.pools.setRows(
      view.data.pools.map(pool => ({
        ...this.row(pool.name, timesOf(view, pool), behind(pool)),
        live: pool.threads,
        ended: pool.ended ?? 0,
      })),
    )
    this.updateThreads()
  }

  private updateThreads(): void {
    const { view } = this
    const wanted = this.filter.value.trim().toLowerCase()
    this.threads.setRows(
      view.data.threads
        .filter(thread => !view.pool || thread.pool === view.pool)
        .filter(thread => !wanted || thread.name.toLowerCase().includes(wanted) || String(thread.tid) === wanted)
        .map(thread => ({ ...this.row(thread.name, thread.totalNs, behind(thread)), thread })),
    )
  }

  private row(name: string, times: number[], waited: string | null): Row {
    let total = 0
    let delayed = 0
    this.view.data.states.forEach((state, i) => {
      total += times[i] ?? 0
      delayed += STATES.find(each => each.metric === state)?.delay ? (times[i] ?? 0) : 0
    })
    return { name, times, total, delayed, waited }
  }
}

/** The two states, running apart, in which most of the time went. */
function mostly(states: string[], row: Row): string {
  return stateParts(states, row.times)
    .filter(part => part.label !== 'running' && part.value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 2)
    .map(part => `${part.label} ${percent(part.value / row.total)}`)
    .join(', ')
}
