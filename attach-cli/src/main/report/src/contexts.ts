import type { Context } from './data'
import { bar, el, section } from './dom'
import { count, duration, percent } from './format'
import { stateParts } from './states'
import { Table } from './table'
import type { View } from './view'

const sum = (times: number[]): number => times.reduce((total, each) => total + each, 0)

/** What the threads worked on: requests, methods, statements. Null where the recording has none. */
export function contextsSection(view: View): HTMLElement | null {
  const contexts = view.data.contexts ?? []
  if (contexts.length === 0) {
    return null
  }
  const { states } = view.data
  const at = (times: number[], state: string): number => times[states.indexOf(state)] ?? 0
  const table = new Table<Context>(
    'Contexts',
    [
      { title: 'Context', className: 'prose', cell: each => each.name, sort: each => each.name },
      { title: 'Kind', cell: each => each.kind, sort: each => each.kind },
      { title: 'Count', number: true, cell: each => count(each.count), sort: each => each.count },
      {
        title: 'Mean',
        number: true,
        means: 'From enter to leave',
        cell: each => (each.count ? duration(sum(each.inclusiveNs) / each.count) : '–'),
        sort: each => (each.count ? sum(each.inclusiveNs) / each.count : 0),
      },
      {
        title: 'All',
        number: true,
        means: 'With what was entered inside of it',
        cell: each => duration(sum(each.inclusiveNs)),
        sort: each => sum(each.inclusiveNs),
      },
      {
        title: 'Where the time went',
        className: 'wide',
        cell: each => bar(stateParts(states, each.inclusiveNs), sum(each.inclusiveNs)),
      },
      {
        title: 'Ran',
        number: true,
        cell: each => percent(at(each.inclusiveNs, 'running') / sum(each.inclusiveNs)),
        sort: each => at(each.inclusiveNs, 'running'),
      },
      {
        title: 'Own',
        number: true,
        means: 'Without what was entered inside of it',
        cell: each => duration(sum(each.exclusiveNs)),
        sort: each => sum(each.exclusiveNs),
      },
    ],
    4,
    20,
  )
  table.setRows(contexts)
  const { element, body } = section(
    'contexts',
    'What the threads worked on',
    'Requests, methods and statements, of the whole recording.',
  )
  body.append(table.element)
  if (view.data.outsideNs) {
    body.append(
      el(
        'p',
        { class: 'lead' },
        `In none of them: ${duration(sum(view.data.outsideNs))}, of that ${duration(at(view.data.outsideNs, 'running'))} running.`,
      ),
    )
  }
  return element
}
