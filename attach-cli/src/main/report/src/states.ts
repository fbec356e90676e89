import type { BarPart } from './dom'
import { duration, percent } from './format'

/**
 * The states in the order in which they are stacked, and their colours: Okabe and Ito's for what works or is held
 * up, which people with any kind of colour vision tell apart; greys for what may be no more than idleness.
 */
export interface State {
  metric: string
  label: string
  colour: string
  /** Held up: it would have gone on if it could. The same list as in attach-cli top. */
  delay: boolean
  means: string
}

const state = (metric: string, label: string, colour: string, delay: boolean, means: string): State => ({
  metric,
  label,
  colour: `var(--s-${colour})`,
  delay,
  means,
})

export const STATES: State[] = [
  state('running', 'running', 'running', false, 'on a CPU'),
  state('runnable', 'waiting for a CPU', 'runnable', true, 'able to run, and no CPU was free (runnable)'),
  state('blocked_monitor', 'monitor', 'monitor', true, 'waiting to enter a synchronized block'),
  state('blocked_disk', 'disk', 'disk', true, 'waiting for a file or a disk'),
  state('blocked_safepoint', 'safepoint', 'safepoint', true, 'stopped by a safepoint, a GC pause for example'),
  state('blocked_fault', 'page fault', 'fault', true, 'waiting for a page of memory'),
  state('blocked_reclaim', 'reclaim', 'reclaim', true, 'freeing memory before it got any'),
  state(
    'blocked_socket',
    'socket',
    'socket',
    false,
    'connect, accept, send or receive: a slow peer, or a quiet connection',
  ),
  state('blocked_park', 'park', 'park', false, 'LockSupport.park: a lock, or an empty queue'),
  state('blocked_wait', 'wait', 'wait', false, 'Object.wait'),
  state('blocked_poll', 'poll', 'poll', false, 'epoll, poll, select'),
  state('blocked_sleep', 'sleep', 'sleep', false, 'Thread.sleep'),
  state('blocked_vm', 'vm', 'vm', false, 'inside HotSpot: an idle GC worker, or a lock of the JVM'),
  state('blocked_futex', 'futex', 'futex', false, 'a lock of native code'),
  state('blocked_process', 'process', 'process', false, 'waiting for a child process or a signal, or stopped'),
  state('blocked_other', 'other', 'other', false, 'blocked otherwise: pipes, terminals, file locks'),
]

const BY_METRIC = new Map(STATES.map(each => [each.metric, each]))

/** The state of that name; one that this page does not know is shown as it is called. */
export function stateOf(metric: string): State {
  return (
    BY_METRIC.get(metric) ?? {
      metric,
      label: metric.replace(/^blocked_/, ''),
      colour: 'var(--s-other)',
      delay: false,
      means: metric,
    }
  )
}

/** The states that the data have, in the order of stacking. */
export function inOrder(names: string[]): State[] {
  const known = STATES.filter(each => names.includes(each.metric))
  return known.concat(names.filter(name => !BY_METRIC.has(name)).map(stateOf))
}

/** What a pause consisted of. */
export function partOf(part: string): { label: string; colour: string } {
  switch (part) {
    case 'reaching':
      return { label: 'reaching the safepoint', colour: 'var(--s-safepoint)' }
    case 'working':
      return { label: 'working', colour: 'var(--s-running)' }
    case 'no_cpu':
      return { label: 'no CPU', colour: 'var(--s-runnable)' }
    default: {
      const blocked = stateOf(part)
      return { label: `blocked: ${blocked.label}`, colour: blocked.colour }
    }
  }
}

const WHO: Record<string, string> = {
  own: 'own threads',
  cgroup: 'the same cgroup',
  process: 'other processes',
  kernel: 'the kernel',
  idle: 'an idle CPU that had to wake up',
  throttled: 'the CPU quota',
  unknown: 'unknown',
  interrupt: 'an interrupt',
}

export const who = (kind: string): string => WHO[kind] ?? kind

const WHO_SHORT: Record<string, string> = {
  own: 'own',
  cgroup: 'same cgroup',
  process: 'others',
  kernel: 'kernel',
  idle: 'idle CPU',
  throttled: 'quota',
}

export const whoShort = (kind: string): string => WHO_SHORT[kind] ?? kind

/** The parts of a bar for times by state, indexed like `names`. */
export function stateParts(names: string[], times: ArrayLike<number>): BarPart[] {
  let total = 0
  for (let i = 0; i < names.length; i++) {
    total += times[i] ?? 0
  }
  return inOrder(names).map(each => {
    const value = times[names.indexOf(each.metric)] ?? 0
    return { label: each.label, value, colour: each.colour, text: `${duration(value)} (${percent(value / total)})` }
  })
}

/** The same for times by the state's name. */
export function namedParts(times: Record<string, number>): BarPart[] {
  const names = Object.keys(times)
  return stateParts(
    names,
    names.map(name => times[name]!),
  )
}

/** `var(--name)` as the colour that it is now: a canvas takes no variables. */
export function resolve(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1]
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888' : colour
}
