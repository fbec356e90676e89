import type { SlowEvent } from './data'
import { el, replace, section } from './dom'
import { clock, count, duration } from './format'
import { Flame } from './flame'
import { Marks } from './marks'
import { stateOf, who } from './states'
import { Table } from './table'
import type { View } from './view'

const BLOCKED = 'blocked'

/** Slow events: on the time axis, as a flame graph, as a table with their stacks. */
export class Events {
  readonly lane: HTMLElement
  readonly element: HTMLElement
  private readonly marks: Marks
  private readonly flame: Flame
  private readonly table: Table<number>
  private readonly detail = el('div', { class: 'anatomy', 'aria-live': 'polite' })
  private readonly metric = el('select', { id: 'event-metric', onchange: () => this.update() })
  private readonly note = el('p', { class: 'lead' })
  private readonly list: SlowEvent[]
  private chosen = -1

  constructor(private readonly view: View) {
    const { data } = view
    this.list = data.events
    this.flame = new Flame(data.frames ?? [])
    this.marks = new Marks(
      view,
      'Slow events',
      this.list.map(each => ({
        atMs: each.atMs,
        ns: each.durationNs,
        colour: stateOf(each.metric).colour,
        label: `${stateOf(each.metric).label}, ${each.thread.name}`,
      })),
      i => this.choose(i, true),
      () => this.summary(),
      i => this.inPool(this.list[i]!),
    )
    this.lane = this.marks.element
    const metrics = [...new Set(this.list.map(each => each.metric))].sort()
    replace(
      this.metric,
      el('option', { value: BLOCKED }, 'blocked time (all blocked_ states)'),
      el('option', { value: '' }, 'everything slow'),
      ...metrics.map(each => el('option', { value: each }, each)),
    )
    this.metric.value = metrics.some(each => each.startsWith('blocked_')) ? BLOCKED : ''
    this.table = new Table<number>(
      'Slow events',
      [
        { title: 'Ended', className: 'nowrap', cell: i => this.opener(i), sort: i => this.list[i]!.atMs },
        {
          title: 'Took',
          number: true,
          cell: i => duration(this.list[i]!.durationNs),
          sort: i => this.list[i]!.durationNs,
        },
        { title: 'Waited for', cell: i => this.reason(this.list[i]!), sort: i => this.list[i]!.metric },
        {
          title: 'Thread',
          cell: i => el('span', { class: 'threadname' }, threadName(this.list[i]!)),
          sort: i => this.list[i]!.thread.name,
        },
        { title: 'On', className: 'prose', cell: i => on(this.list[i]!)[0] ?? '' },
      ],
      1,
      12,
      (i, row) => {
        row.classList.toggle('chosen', i === this.chosen)
        row.addEventListener('click', () => this.choose(i, false))
      },
    )
    const { element, body } = section(
      'events',
      'Slow events, and where in the code they waited',
      'Single waits and calls that took as long as their limit (argument slow) or longer. In the graph width is time, and colour says for what.',
    )
    this.element = element
    body.append(
      el('div', { class: 'tools' }, el('label', { for: 'event-metric' }, 'Show'), this.metric),
      this.note,
      this.flame.element,
      el('div', { class: 'pair' }, this.table.element, this.detail),
    )
    view.onChange(() => this.update())
  }

  start(): void {
    this.marks.start()
    this.update()
  }

  openSlowest(): void {
    this.metric.value = ''
    this.view.setPool(null)
    const slowest = this.fitting().sort((a, b) => this.list[b]!.durationNs - this.list[a]!.durationNs)[0]
    if (slowest !== undefined) {
      this.choose(slowest, true)
    }
  }

  private fitting(): number[] {
    const { view } = this
    const wanted = this.metric.value
    return this.list
      .map((_, i) => i)
      .filter(i => {
        const event = this.list[i]!
        return (
          view.has(event.atMs) &&
          this.inPool(event) &&
          (wanted === '' || (wanted === BLOCKED ? event.metric.startsWith('blocked_') : event.metric === wanted))
        )
      })
  }

  private inPool(event: SlowEvent): boolean {
    return !this.view.pool || event.thread.pool === this.view.pool
  }

  private choose(i: number, come: boolean): void {
    this.chosen = i
    if (!this.fitting().includes(i)) {
      this.metric.value = ''
    }
    this.update()
    if (come) {
      this.detail.scrollIntoView({ block: 'nearest' })
    }
  }

  private update(): void {
    const fitting = this.fitting()
    if (!fitting.includes(this.chosen)) {
      this.chosen = fitting.reduce(
        (best, i) => (best < 0 || this.list[i]!.durationNs > this.list[best]!.durationNs ? i : best),
        -1,
      )
    }
    const withStack = fitting.filter(i => this.list[i]!.stack?.length)
    const time = (of: number[]): number => of.reduce((sum, i) => sum + this.list[i]!.durationNs, 0)
    const without = fitting.filter(i => !this.list[i]!.stack?.length)
    this.note.textContent =
      `${count(fitting.length)} events, ${duration(time(fitting))} together.` +
      (without.length
        ? ` The graph has the ${count(withStack.length)} of which there is a stack (${duration(time(withStack))}).`
        : '') +
      (notListed(this.view)
        ? ` ${count(notListed(this.view))} more, all kinds together, are not listed; the histograms have them.`
        : '')
    this.flame.show(withStack.map(i => this.list[i]!))
    this.table.setRows(fitting)
    this.marks.setChosen(this.chosen)
    this.chosen >= 0 ? this.show(this.list[this.chosen]!) : replace(this.detail)
  }

  private summary(): string {
    const inside = this.list.filter(each => this.view.has(each.atMs) && this.inPool(each))
    const more = notListed(this.view)
    return count(inside.length) + (more ? `; ${count(more)} others are not listed` : '')
  }

  private opener(i: number): HTMLElement {
    return el('button', { type: 'button', class: 'link' }, clock(this.list[i]!.atMs, 3))
  }

  private reason(event: SlowEvent): HTMLElement {
    const swatch = el('i', { class: 'swatch' })
    swatch.style.background = stateOf(event.metric).colour
    return el('span', { class: 'nowrap' }, swatch, stateOf(event.metric).label)
  }

  private show(event: SlowEvent): void {
    const frames = this.view.data.frames ?? []
    const facts: [string, string][] = [
      ['Thread', `${threadName(event)}, tid ${event.thread.tid}, pool ${event.thread.pool}`],
      ['Began', clock(event.atMs - event.durationNs / 1e6, 3)],
      ...on(event).map((each): [string, string] => /^(woken by|behind) /.test(each) ? ['Who', each] : ['On', each]),
      ...(event.context ? [['Working on', event.context] as [string, string]] : []),
      ...(event.trace ? [['Trace', `${event.trace.traceId}, span ${event.trace.spanId}`] as [string, string]] : []),
      // A number that is not there is 0.
      ['CPU', String(event.cpu ?? 0)],
    ]
    replace(
      this.detail,
      el('h3', {}, `${stateOf(event.metric).label}, ${duration(event.durationNs)}`),
      el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
      event.stack?.length
        ? el(
            'ol',
            { class: 'stack', 'aria-label': 'Stack, the innermost frame first' },
            ...event.stack.map(i => el('li', {}, frames[i] ?? '?')),
          )
        : el('p', { class: 'lead' }, 'No stack: nobody asked for it in time (argument stacks).'),
    )
  }
}

/** Those that the recording lacks, and shorter ones that were left out of the page. */
const notListed = (view: View): number => view.data.missingEvents + (view.data.eventsLeftOut ?? 0)

const threadName = (event: SlowEvent): string =>
  (event.thread.name || `tid ${event.thread.tid}`) +
  (event.thread.virtual ? ` (virtual ${event.thread.virtual.name || event.thread.virtual.id})` : '')

/** For what it waited and who ended that, as far as it is known. */
function on(event: SlowEvent): string[] {
  const told: string[] = []
  const { path, address, host, device, sector, bytes, futex, errno, syscall, ...others } = event.on ?? {}
  const what = [path, address, host].filter(each => each !== undefined)
  if (syscall !== undefined || what.length) {
    told.push([syscall, ...what, futex].filter(each => each !== undefined).join(' '))
  } else if (futex !== undefined) {
    told.push(`futex ${futex}`)
  }
  if (device !== undefined) {
    told.push(`${device} sector ${sector ?? 0}, ${bytes ?? 0} bytes`)
  }
  if (errno !== undefined) {
    told.push(`failed: ${errno}`)
  }
  for (const [key, value] of Object.entries(others)) {
    told.push(`${key} ${value}`)
  }
  if (event.wokenBy) {
    told.push(`woken by ${event.wokenBy.name || who(event.wokenBy.who)}`)
  }
  if (event.behind) {
    told.push(`behind ${event.behind.name || who(event.behind.who)}`)
  }
  return told
}
