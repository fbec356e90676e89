// A recording of which attach-cli has made a page, added up without its code, by the keys that the page's data have.
import { readFileSync } from 'node:fs'
import { STATES } from './sample.mjs'

/** The page, undefined where there is none. */
export const PAGE = process.env.REPORT_PAGE

/** All its lines, and of them its begin and its intervals. */
export function lines() {
  const recording = readFileSync(process.env.REPORT_RECORDING, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const begin = recording.find(each => each.record === 'begin')
  const intervals = recording.filter(each => each.record === 'interval')
  return { recording, begin, intervals }
}

/** What the page must show. `recorded` are the intervals as they were recorded. */
export function recorded() {
  const { recording, begin, intervals } = lines()
  const last = intervals.at(-1)
  const add = (into, times) => STATES.map((state, i) => (into[i] ?? 0) + (times[state] ?? 0))
  const contexts = new Map()
  for (const each of intervals.flatMap(interval => interval.contexts)) {
    const key = `${each.name}\n${each.kind}`
    const { count = 0, inclusiveNs = [], exclusiveNs = [] } = contexts.get(key) ?? {}
    const own = Object.fromEntries(Object.entries(each.exclusive).map(([state, stays]) => [state, stays.ns]))
    contexts.set(key, {
      name: each.name,
      kind: each.kind,
      count: count + each.count,
      inclusiveNs: add(inclusiveNs, each.inclusive),
      exclusiveNs: add(exclusiveNs, own),
    })
  }
  return {
    ...begin,
    jvm: begin,
    machine: begin.machine,
    cost: intervals.map(each => each.cost).filter(each => each),
    losses: recording.find(each => each.record === 'end').losses,
    fromMs: intervals[0].fromMs,
    toMs: last.toMs,
    intervals: intervals.length,
    columns: intervals.map(each => [each.fromMs, each.toMs]),
    contexts: [...contexts.values()],
    outsideNs: intervals.reduce((sum, each) => add(sum, each.outsideNs), []),
    disks: last.disks.disks,
    remotes: last.remotes.remotes,
    recorded: intervals,
  }
}
