import type { ReportData } from './data'
import { el, replace } from './dom'
import { clock, count, duration, percent, plural, threads } from './format'
import { costShare } from './agent'
import { STATES, partOf, stateOf, whoShort } from './states'
import { behind } from './lanes'
import { type View, timesOf } from './view'

export interface Goals {
  longestPause: () => void
  slowestEvent: () => void
  state: (metric: string) => void
}

/**
 * The answers at the top: what ran, what held threads up, pauses, the slowest wait, in the time that is chosen; below
 * what may be missing.
 */
export function summary(view: View, goals: Goals): HTMLElement {
  const tiles = el('div', { class: 'tiles' })
  const draw = (): void => replace(tiles, ...tilesOf(view, goals))
  view.onChange(draw)
  draw()
  return el('div', { class: 'summary' }, tiles, trust(view.data))
}

function tilesOf(view: View, goals: Goals): HTMLElement[] {
  const { data } = view
  const tiles: HTMLElement[] = []
  const pools = data.pools.map(pool => ({ name: pool.name, times: timesOf(view, pool) }))
  const total = (metric: string): number => sumOf(pools, data.states.indexOf(metric))
  const cpus = data.machine?.['cpus']
  const ran = total('running')
  tiles.push(
    tile(
      'var(--s-running)',
      'Ran',
      threads(ran / view.wallNs),
      'threads on average',
      [typeof cpus === 'number' ? `on ${plural(cpus, 'CPU')}` : '', mostIn(pools, data.states, 'running')],
      () => goals.state('running'),
    ),
  )
  // Pauses have a tile of their own, which says more than the time of those whom they stopped.
  const delays = STATES.filter(each => each.delay && each.metric !== 'blocked_safepoint')
    .map(each => ({ state: each, ns: total(each.metric) }))
    .filter(each => each.ns / view.wallNs >= 0.005 || each.state.metric === 'runnable')
    .sort((a, b) => b.ns - a.ns)
    .slice(0, 3)
  for (const { state, ns } of delays) {
    const cpu = state.metric === 'runnable'
    tiles.push(
      tile(
        state.colour,
        cpu ? 'Waited for a CPU' : `Held up: ${state.label}`,
        threads(ns / view.wallNs),
        'threads on average',
        [
          cpu && ran > 0 ? `${duration((ns / ran) * 1e9)} per second on a CPU` : '',
          mostIn(pools, data.states, state.metric),
          cpu && !view.range ? (behind({ waitedNs: mergeWaits(data) }, whoShort) ?? '') : '',
        ],
        () => goals.state(state.metric),
      ),
    )
  }
  tiles.push(pauseTile(view, goals))
  const events = data.events.filter(each => view.has(each.atMs))
  if (events.length) {
    const slowest = events.reduce((a, b) => (b.durationNs > a.durationNs ? b : a))
    tiles.push(
      tile(
        stateOf(slowest.metric).colour,
        'Slowest single wait',
        duration(slowest.durationNs),
        '',
        [
          stateOf(slowest.metric).label,
          `${slowest.thread.name || `tid ${slowest.thread.tid}`}, until ${clock(slowest.atMs)}`,
        ],
        goals.slowestEvent,
      ),
    )
  }
  return tiles
}

/** How far the numbers can be trusted: what was lost, and what measuring took. */
function trust(data: ReportData): HTMLElement {
  const losses = Object.entries(data.losses)
    .filter(([, value]) => value !== 0)
    .sort((a, b) => b[1] - a[1])
  const share = costShare(data)
  return el(
    'p',
    { class: 'trust' },
    el(
      'a',
      { href: '#agent' },
      losses.length
        ? `May be missing: ${losses
            .slice(0, 3)
            .map(([key, value]) => `${key} ${count(value)}`)
            .join(', ')}${losses.length > 3 ? ` and ${count(losses.length - 3)} more` : ''}.`
        : 'Nothing was lost.',
    ),
    share === undefined ? '' : ` The agent took ${percent(share)} of the JVM’s CPU time.`,
  )
}

function pauseTile(view: View, goals: Goals): HTMLElement {
  const { data } = view
  const listed = data.pauses.filter(each => view.has(each.atMs))
  // The histogram has every pause, listed or not; of a stretch of time it has no sum.
  const all = view.range
    ? undefined
    : data.histograms.find(each => each.metric === 'safepoint' && !each.pool && !each.operation)
  const pauses = all?.count ?? listed.length
  const total = all?.sum ?? listed.reduce((sum, each) => sum + each.totalNs, 0)
  const title = 'Stood still in pauses'
  if (listed.length === 0) {
    return tile(
      'var(--s-safepoint)',
      title,
      pauses === 0 ? 'never' : percent(total / view.wallNs),
      pauses === 0 ? '' : 'of the time',
      pauses === 0 ? [] : [plural(pauses, 'pause')],
      () => {},
    )
  }
  const longest = listed.reduce((a, b) => (b.totalNs > a.totalNs ? b : a))
  const [part, ns] = Object.entries(longest.partsNs).reduce(
    (best, each) => (each[1] > best[1] ? each : best),
    ['blocked_other', 0],
  )
  return tile(
    'var(--s-safepoint)',
    title,
    percent(total / view.wallNs),
    'of the time',
    [
      plural(pauses, 'pause'),
      `longest ${duration(longest.totalNs)}, ${percent(ns / longest.totalNs)} ${partOf(part).label}`,
      longest.operation,
    ],
    goals.longestPause,
  )
}

function tile(
  colour: string,
  label: string,
  value: string,
  unit: string,
  details: string[],
  go: () => void,
): HTMLElement {
  const element = el(
    'button',
    { type: 'button', class: 'tile', onclick: go },
    el('span', { class: 'label' }, label),
    el('span', { class: 'value' }, el('b', {}, value), unit ? ` ${unit}` : ''),
    ...details.filter(each => each).map(each => el('span', { class: 'detail', title: each }, each)),
  )
  element.style.borderTopColor = colour
  return element
}

interface PoolTimes {
  name: string
  times: number[]
}

const sumOf = (pools: PoolTimes[], at: number): number => pools.reduce((sum, pool) => sum + (pool.times[at] ?? 0), 0)

/** In which pool most of a state's time went. */
function mostIn(pools: PoolTimes[], states: string[], metric: string): string {
  const at = states.indexOf(metric)
  const all = sumOf(pools, at)
  const first = pools.reduce((a, b) => ((b.times[at] ?? 0) > (a.times[at] ?? 0) ? b : a), pools[0]!)
  return first && all > 0 ? `${percent((first.times[at] ?? 0) / all)} of it in ${first.name}` : ''
}

function mergeWaits(data: ReportData): Record<string, number> {
  const all: Record<string, number> = {}
  for (const pool of data.pools) {
    for (const [kind, ns] of Object.entries(pool.waitedNs ?? {})) {
      all[kind] = (all[kind] ?? 0) + ns
    }
  }
  return all
}
