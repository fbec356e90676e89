import 'uplot/dist/uPlot.min.css'
import './style.css'
import { agentSection } from './agent'
import { fit, redrawAll } from './charts'
import { contextsSection } from './contexts'
import { type ReportData, readData } from './data'
import { el, replace } from './dom'
import { Events } from './events'
import { clock, day, span, zone } from './format'
import { Lanes } from './lanes'
import { Latency } from './latency'
import { machineSection } from './machine'
import { Pauses } from './pauses'
import { summary } from './summary'
import { Threads } from './threads'
import { View } from './view'

const ENDS: Record<string, string> = {
  duration: '',
  interrupted: 'The recording was interrupted.',
  jvm_ended: 'The JVM ended.',
  agent_gone: 'The agent was taken away.',
  cut: 'The recording has no end: it was cut, and all before that is here.',
}

function header(view: View): HTMLElement {
  const { data } = view
  const sameDay = day(data.fromMs) === day(data.toMs)
  const chips = el('span', { class: 'choice', role: 'status' })
  const update = (): void =>
    replace(
      chips,
      view.range
        ? el(
            'button',
            {
              type: 'button',
              class: 'clear',
              title: 'Show all of the recording again',
              onclick: () => view.setRange(null),
            },
            `${clock(view.fromMs)} – ${clock(view.toMs)} (${span(view.wallNs)}) ✕`,
          )
        : null,
      view.pool !== null
        ? el(
            'button',
            { type: 'button', class: 'clear', title: 'Show all pools again', onclick: () => view.setPool(null) },
            `pool ${view.pool} ✕`,
          )
        : null,
    )
  view.onChange(update)
  return el(
    'header',
    {},
    el(
      'div',
      { class: 'what' },
      el('h1', {}, document.title),
      el(
        'p',
        {},
        `${data.jvm.name}, PID ${data.jvm.pid}. ${day(data.fromMs)} ${clock(data.fromMs)} – ${sameDay ? '' : `${day(data.toMs)} `}${clock(data.toMs)} ${zone(data.fromMs)}, ${span(data.wallNs)}. ${ENDS[data.end] ?? data.end}`,
      ),
    ),
    chips,
    el(
      'nav',
      { 'aria-label': 'Parts of this page' },
      ...[
        ['time', 'Time'],
        ['latency', 'Latency'],
        ['threads', 'Threads'],
        ['events', 'Events'],
        ['agent', 'Agent'],
      ].map(([id, label]) => el('a', { href: `#${id}` }, label!)),
      el('button', { type: 'button', class: 'theme', onclick: turnTheme, title: 'Light or dark' }, 'Light / dark'),
    ),
  )
}

let recolour: () => void = redrawAll

function turnTheme(): void {
  const root = document.documentElement
  const dark = root.dataset['theme']
    ? root.dataset['theme'] === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset['theme'] = dark ? 'light' : 'dark'
  recolour()
}

/** On paper always dark on light; canvases must be drawn anew for that and for the paper's width. */
function printing(): void {
  const root = document.documentElement
  let before: string | undefined
  addEventListener('beforeprint', () => {
    before = root.dataset['theme']
    root.dataset['theme'] = 'light'
    root.classList.add('printing')
    fit()
    recolour()
  })
  addEventListener('afterprint', () => {
    if (before === undefined) {
      delete root.dataset['theme']
    } else {
      root.dataset['theme'] = before
    }
    root.classList.remove('printing')
    fit()
    recolour()
  })
}

function build(data: ReportData): void {
  const view = new View(data)
  const pauses = new Pauses(view)
  const events = new Events(view)
  const lanes = new Lanes(view, [pauses.lane, events.lane, pauses.element])
  const latency = new Latency(view)
  const threads = new Threads(view)
  recolour = () => {
    redrawAll()
    latency.recolour()
  }
  const go = (id: string): void => document.getElementById(id)?.scrollIntoView()
  const main = el(
    'main',
    {},
    summary(view, {
      longestPause: () => {
        pauses.openLongest()
        go('pauses')
      },
      slowestEvent: () => events.openSlowest(),
      state: metric => {
        if (latency.has(metric)) {
          latency.setMetric(metric)
          go('latency')
        }
      },
    }),
    lanes.element,
    latency.element,
    threads.element,
    events.element,
  )
  const agent = agentSection(view)
  for (const more of [contextsSection(view), machineSection(view), agent.element]) {
    if (more) {
      main.append(more)
    }
  }
  replace(
    document.body,
    header(view),
    main,
    el('footer', {}, 'Made by bpf-agent. This page is one file: it asks no network for anything.'),
  )
  for (const part of [lanes, pauses, events, latency, threads, agent]) {
    part.start()
  }
  printing()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => recolour())
  document.documentElement.dataset['ready'] = String(Math.round(performance.now()))
}

readData()
  .then(build)
  .catch((problem: unknown) => {
    const said = problem instanceof Error ? problem.message : String(problem)
    replace(document.body, el('p', { id: 'status', role: 'alert' }, said))
    document.documentElement.dataset['failed'] = 'true'
  })
