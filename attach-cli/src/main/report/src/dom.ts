/** Makes elements. Text only ever becomes text: nothing here parses HTML, since names come from the host. */

type Child = Node | string | number | null | undefined | false
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>

/** Keys that begin with `on` are listeners; true is an attribute without value, false and null are none. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key.slice(2), value)
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : String(value))
    }
  }
  append(element, children)
  return element
}

export function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child))
    }
  }
}

export function replace(element: Element, ...children: Child[]): void {
  element.textContent = ''
  append(element, children)
}

export interface BarPart {
  label: string
  value: number
  colour: string
  text: string
}

/** A bar of coloured parts; what each is stands in its title and, for screen readers, in its label. */
export function bar(parts: BarPart[], total: number, className = 'bar'): HTMLElement {
  const shown = parts.filter(part => part.value > 0)
  const element = el('span', {
    class: className,
    role: 'img',
    'aria-label':
      shown
        .slice(0, 6)
        .map(part => `${part.label} ${part.text}`)
        .join(', ') || 'nothing',
  })
  for (const part of shown) {
    const width = total > 0 ? (part.value / total) * 100 : 0
    if (width >= 0.05) {
      const piece = el('i', { title: `${part.label} ${part.text}` })
      // A rule of a style sheet cannot know it, and an attribute would be refused by a stricter policy.
      piece.style.width = `${width}%`
      piece.style.background = part.colour
      element.append(piece)
    }
  }
  return element
}

export interface Section {
  element: HTMLElement
  body: HTMLElement
}

/** A part of the page with a heading of its own. */
export function section(id: string, title: string, lead: string): Section {
  const body = el('div', { class: 'body' })
  const element = el(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, title),
    lead ? el('p', { class: 'lead' }, lead) : null,
    body,
  )
  return { element, body }
}
