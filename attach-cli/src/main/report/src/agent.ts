import { AXIS_PX, RIGHT_PX, axis, chart, timeAxis, timeCursor } from './charts'
import type { CostNs, ReportData } from './data'
import { el, section } from './dom'
import { bytes, count, duration, percent, span } from './format'
import { resolve } from './states'
import { Table } from './table'
import type { View } from './view'

type Fact = [string, string]

export interface AgentSection {
  element: HTMLElement
  /** Draws; the element must be in the page. */
  start: () => void
}

/** What may be missing, what the agent itself cost, and what was recorded with which settings. */
export function agentSection(view: View): AgentSection {
  const costPlot = el('div', { class: 'plot' })
  const { data } = view
  const { element, body } = section('agent', 'What may be missing, and what the agent cost', '')
  const losses = Object.entries(data.losses).filter(([, value]) => value !== 0)
  const lost = new Table<[string, number]>(
    'Losses',
    [
      { title: 'Loss', cell: ([key]) => el('code', {}, key), sort: ([key]) => key },
      { title: 'Count', number: true, cell: ([, value]) => count(value), sort: ([, value]) => value },
    ],
    1,
    40,
  )
  lost.setRows(losses)
  const costs = data.cost ?? []
  const last = costs[costs.length - 1] ?? data.status.cost ?? null
  const facts: Fact[] = []
  if (last) {
    const mean = costShare(data)
    const most = costs.reduce((max, each) => Math.max(max, each.share ?? 0), 0)
    if (mean !== undefined) {
      facts.push([
        'Share of the JVM’s CPU time',
        `${percent(mean)} in the mean${costs.length > 1 ? `, at most ${percent(most)} in any five seconds or less` : ''}`,
      ])
    }
    if (last.maxShare !== undefined) {
      facts.push(['May be at most', last.maxShare === null ? 'anything' : percent(last.maxShare)])
    }
    if (last.wallNs && last.threadCpuNs !== undefined && last.programNs !== undefined) {
      facts.push([
        `In the last ${span(last.wallNs)}`,
        `${duration(last.threadCpuNs)} of its threads, ${duration(last.programNs)} of its programs in the kernel`,
      ])
    }
    if (last.programsKnownBy) {
      facts.push(['Programs known by', last.programsKnownBy])
    }
    if (last.kernelMemoryBytes) {
      facts.push(['Kernel memory', bytes(last.kernelMemoryBytes)])
    }
    if (typeof last.allocatedBytesPerSecond === 'number') {
      facts.push(['Allocated in the heap', `${bytes(last.allocatedBytesPerSecond)} a second`])
    }
    if (last.note) {
      facts.push(['It said', last.note])
    }
  }
  body.append(
    el(
      'div',
      { class: 'pair' },
      el(
        'div',
        {},
        el('h3', {}, 'Losses'),
        losses.length
          ? el(
              'p',
              { class: 'lead' },
              'Every place where something can be dropped has a counter; these are not zero. docs/json.md says what each means.',
            )
          : el('p', { class: 'lead' }, 'None: nothing was dropped anywhere.'),
        losses.length ? lost.element : null,
      ),
      el('div', {}, el('h3', {}, 'Cost of the agent'), list(facts)),
    ),
  )

  if (costs.length > 1) {
    body.append(el('h3', {}, 'Its share of the JVM’s CPU time'), costPlot)
  }
  const recording: Fact[] = [
    ...scalars(data.jvm),
    ...scalars(data.machine ?? {}),
    ...(data.status.version ? [['Agent', data.status.version] as Fact] : []),
    ...scalars({ ...data.status, pid: undefined }),
    ['Recorded', `${new Date(data.fromMs).toISOString()} to ${new Date(data.toMs).toISOString()}`],
    ...(data.attachCli ? [['Attach-cli', data.attachCli] as Fact] : []),
    ['Intervals', `${count(data.intervals)}, shown in ${count(data.columns.length)} columns`],
  ]
  const probes = data.status.probes ?? []
  const missing = probes.filter(each => each.status !== 'attached')
  body.append(el('h3', {}, 'JVM, kernel and settings'), list(recording))
  if (missing.length) {
    body.append(
      el('h3', {}, 'Probes that were not there'),
      list(missing.map(each => [each.name, `${each.status}${each.detail ? `: ${each.detail}` : ''}`])),
    )
  }
  if (probes.length > missing.length) {
    body.append(
      el(
        'p',
        { class: 'lead' },
        `Attached: ${probes
          .filter(each => each.status === 'attached')
          .map(each => each.name)
          .join(', ')}.`,
      ),
    )
  }
  return { element, start: () => plotCost(view, costPlot) }
}

const HIDDEN = new Set(['schema', 'version', 'error', 'losses', 'kernelMemoryBytes', 'sinceNs', 'jar'])

const ownNs = (of: CostNs): number => (of.threadCpuNs ?? 0) + (of.programNs ?? 0)

/**
 * Its share of the JVM's CPU time from the recording's begin to the last time that it was told. Each single one is of
 * some seconds, and of a long recording only the greatest are there: all of it is in the totals.
 */
export function costShare(data: ReportData): number | undefined {
  const costs = data.cost ?? []
  const first = data.status.cost?.total ?? costs[0]?.total
  const last = costs[costs.length - 1]?.total
  const hostNs = (last?.hostCpuNs ?? 0) - (first?.hostCpuNs ?? 0)
  if (first && last && hostNs > 0) {
    return (ownNs(last) - ownNs(first)) / hostNs
  }
  const hostsNs = costs.reduce((sum, each) => sum + (each.hostCpuNs ?? 0), 0)
  return hostsNs > 0 ? costs.reduce((sum, each) => sum + ownNs(each), 0) / hostsNs : data.status.cost?.share
}

function plotCost(view: View, host: HTMLElement): void {
  const costs = (view.data.cost ?? []).filter(each => each.atMs !== undefined && each.share !== undefined)
  if (costs.length < 2) {
    return
  }
  const most = costs.reduce((max, each) => Math.max(max, each.share!), 0)
  chart(
    {
      height: 110,
      padding: [6, RIGHT_PX, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: true, range: () => [view.data.fromMs / 1000, view.data.toMs / 1000] },
        y: { range: () => [0, Math.max(most * 1.1, 0.001)] },
      },
      axes: [timeAxis(true), axis({ size: AXIS_PX, gap: 3, space: 24, values: (_u, splits) => splits.map(percent) })],
      cursor: { ...timeCursor(), drag: { x: false, y: false } },
      series: [{}, { stroke: () => resolve('var(--s-safepoint)'), width: 1.5, points: { show: false } }],
    },
    [costs.map(each => each.atMs! / 1000), costs.map(each => each.share!)],
    host,
  )
}

/** All plain values, also those that a later version adds. */
function scalars(of: Record<string, unknown>): Fact[] {
  return Object.entries(of)
    .filter(
      ([key, value]) =>
        !HIDDEN.has(key) &&
        ((typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'),
    )
    .map(([key, value]) => [
      key === 'pid'
        ? 'PID'
        : key === 'jdk'
          ? 'JDK'
          : key === 'cpus'
            ? 'CPUs'
            : key.charAt(0).toUpperCase() +
              key
                .slice(1)
                .replace(/([A-Z])/g, ' $1')
                .toLowerCase(),
      String(value),
    ])
}

function list(facts: Fact[]): HTMLElement {
  return el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))
}
