import { el, replace } from './dom'
import { count } from './format'

export interface Column<T> {
  title: string
  /** What the column means, in the heading's tooltip. */
  means?: string
  cell: (row: T) => Node | string
  /** By what to sort; without it the column cannot be sorted. */
  sort?: (row: T) => number | string
  number?: boolean
  className?: string
}

/** A table whose headings sort it. Long ones show their first rows, and the rest when asked. */
export class Table<T> {
  readonly element: HTMLElement
  private readonly body = el('tbody')
  private readonly more = el('button', { type: 'button', class: 'more', onclick: () => this.showAll() })
  private readonly headings: HTMLElement[] = []
  private rows: T[] = []
  private by: number
  private down = true
  private all = false

  constructor(
    caption: string,
    private readonly columns: Column<T>[],
    sortedBy: number,
    private readonly first = 30,
    private readonly onRow?: (row: T, element: HTMLTableRowElement) => void,
  ) {
    this.by = sortedBy
    const head = el('tr')
    columns.forEach((column, i) => {
      const heading = el('th', {
        scope: 'col',
        class: column.number ? 'number' : column.className,
        title: column.means,
      })
      heading.append(
        column.sort ? el('button', { type: 'button', onclick: () => this.sortBy(i) }, column.title) : column.title,
      )
      this.headings.push(heading)
      head.append(heading)
    })
    this.element = el(
      'div',
      { class: 'table' },
      el('div', { class: 'scroll' }, el('table', {}, el('caption', {}, caption), el('thead', {}, head), this.body)),
      this.more,
    )
  }

  setRows(rows: T[]): void {
    this.rows = rows
    this.draw()
  }

  private sortBy(i: number): void {
    this.down = this.by === i ? !this.down : Boolean(this.columns[i]!.number)
    this.by = i
    this.draw()
  }

  private showAll(): void {
    this.all = !this.all
    this.draw()
  }

  private draw(): void {
    const key = this.columns[this.by]?.sort
    const sorted = [...this.rows]
    if (key) {
      const sign = this.down ? -1 : 1
      sorted.sort((a, b) => {
        const x = key(a)
        const y = key(b)
        return (
          sign *
          (typeof x === 'string' || typeof y === 'string'
            ? String(x).localeCompare(String(y), 'en', { numeric: true })
            : x - y)
        )
      })
    }
    this.headings.forEach((heading, i) => {
      i === this.by && key
        ? heading.setAttribute('aria-sort', this.down ? 'descending' : 'ascending')
        : heading.removeAttribute('aria-sort')
    })
    const shown = this.all ? sorted : sorted.slice(0, this.first)
    replace(
      this.body,
      ...shown.map(row => {
        const element = el(
          'tr',
          {},
          ...this.columns.map(column =>
            el('td', { class: column.number ? 'number' : column.className }, column.cell(row)),
          ),
        )
        this.onRow?.(row, element)
        return element
      }),
    )
    if (sorted.length === 0) {
      this.body.append(el('tr', {}, el('td', { colspan: this.columns.length, class: 'empty' }, 'none')))
    }
    this.more.hidden = sorted.length <= this.first
    this.more.textContent = this.all ? `Only the first ${this.first}` : `All ${count(sorted.length)}`
  }
}
