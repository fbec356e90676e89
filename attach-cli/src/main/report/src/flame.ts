import { hierarchy, partition, type HierarchyRectangularNode } from 'd3-hierarchy'
import type { SlowEvent } from './data'
import { el, replace } from './dom'
import { count, duration, percent } from './format'
import { stateOf } from './states'

interface Frame {
  name: string
  /** The metric below which it stands. */
  reason: string
  /** Time of events that end here, without that of frames below. */
  self: number
  events: number
  children: Map<string, Frame>
}

type Node = HierarchyRectangularNode<Frame>

const ROW_PX = 20
/** Below this share of the width a frame is not drawn; it is counted in the one above. */
const LEAST = 0.0008

/**
 * Where slow events waited: width is time, colour the reason, callers stand above those that they call. Each frame is a
 * button: a click or Enter makes it as wide as the graph, arrow keys go to its neighbours.
 */
export class Flame {
  readonly element: HTMLElement
  private readonly graph = el('div', { class: 'flame', role: 'tree', 'aria-label': 'Flame graph' })
  private readonly says = el('p', { class: 'at' })
  private readonly search = el('input', {
    type: 'search',
    id: 'flame-search',
    placeholder: 'class, method or part of it',
    oninput: () => this.mark(),
  })
  private readonly found = el('span', { class: 'hint', role: 'status' })
  private readonly reset = el(
    'button',
    { type: 'button', class: 'preset', onclick: () => this.zoom(null) },
    'All of it',
  )
  private root: Node | null = null
  private zoomed: Node | null = null
  private readonly nodes = new Map<HTMLElement, Node>()

  constructor(private readonly frames: string[]) {
    this.graph.addEventListener('click', event => {
      const node = this.nodes.get((event.target as HTMLElement).closest('button') as HTMLElement)
      if (node) {
        this.zoom(node)
      }
    })
    this.graph.addEventListener('pointerover', event => this.read((event.target as HTMLElement).closest('button')))
    this.graph.addEventListener('focusin', event => this.read(event.target as HTMLElement))
    this.graph.addEventListener('keydown', event => this.key(event))
    this.element = el(
      'div',
      { class: 'flamebox' },
      el(
        'div',
        { class: 'tools' },
        el('label', { for: 'flame-search' }, 'Search frames'),
        this.search,
        this.found,
        this.reset,
      ),
      this.graph,
      this.says,
    )
  }

  /** @param events those with a stack */
  show(events: SlowEvent[]): void {
    const top: Frame = { name: 'all', reason: '', self: 0, events: 0, children: new Map() }
    for (const event of events) {
      let frame = this.below(top, stateOf(event.metric).label, event.metric)
      for (let i = event.stack!.length - 1; i >= 0; i--) {
        frame = this.below(frame, this.frames[event.stack![i]!] ?? '?', event.metric)
      }
      frame.self += event.durationNs
      frame.events++
    }
    const made = hierarchy(top, frame => [...frame.children.values()])
      .sum(frame => frame.self)
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    this.root = top.children.size ? partition<Frame>().size([1, made.height + 1])(made) : null
    this.zoomed = null
    this.draw()
  }

  private below(frame: Frame, name: string, reason: string): Frame {
    let child = frame.children.get(name)
    if (!child) {
      child = { name, reason, self: 0, events: 0, children: new Map() }
      frame.children.set(name, child)
    }
    return child
  }

  private zoom(node: Node | null): void {
    this.zoomed = node && node.depth > 0 ? node : null
    this.draw()
    if (node) {
      for (const [element, each] of this.nodes) {
        if (each === node) {
          element.focus()
        }
      }
    }
  }

  private draw(): void {
    this.graph.textContent = ''
    this.nodes.clear()
    const root = this.root
    this.reset.hidden = !this.zoomed
    if (!root) {
      this.graph.style.height = 'auto'
      this.graph.append(
        el(
          'p',
          { class: 'empty' },
          'No slow event with a stack among these. The argument stacks says of which waits the agent asks for one.',
        ),
      )
      replace(this.says)
      return
    }
    const from = this.zoomed ? this.zoomed.x0 : 0
    const width = this.zoomed ? this.zoomed.x1 - this.zoomed.x0 : 1
    let deepest = 0
    root.each(node => {
      const left = Math.max(0, (node.x0 - from) / width)
      const right = Math.min(1, (node.x1 - from) / width)
      if (right - left < LEAST) {
        return
      }
      deepest = Math.max(deepest, node.depth)
      const button = el(
        'button',
        { type: 'button', role: 'treeitem', 'aria-label': `${node.data.name}, ${duration(node.value ?? 0)}` },
        short(node.data.name),
      )
      button.style.left = `${left * 100}%`
      button.style.width = `${(right - left) * 100}%`
      button.style.top = `${node.depth * ROW_PX}px`
      if (node.depth > 0) {
        button.style.setProperty('--frame', stateOf(node.data.reason).colour)
        button.classList.add(node.depth === 1 ? 'reason' : 'frame')
      }
      this.nodes.set(button, node)
      this.graph.append(button)
    })
    this.graph.style.height = `${(deepest + 1) * ROW_PX + 2}px`
    this.mark()
    this.says.textContent = 'Callers stand above what they call. A click makes a frame as wide as the graph.'
  }

  private read(element: HTMLElement | null): void {
    const node = element && this.nodes.get(element)
    if (node && this.root) {
      const events = node.descendants().reduce((sum, each) => sum + each.data.events, 0)
      this.says.textContent = `${node.data.name}: ${duration(node.value ?? 0)}, ${percent((node.value ?? 0) / (this.root.value || 1))}, ${count(events)} ${events === 1 ? 'event' : 'events'}`
    }
  }

  /** Marks what fits the search, and says how much of the time that is: a frame within another counts once. */
  private mark(): void {
    const wanted = this.search.value.trim().toLowerCase()
    this.graph.classList.toggle('searching', wanted !== '')
    const fits = (node: Node): boolean =>
      wanted !== '' && node.depth > 0 && node.data.name.toLowerCase().includes(wanted)
    for (const [element, node] of this.nodes) {
      element.classList.toggle('found', fits(node))
    }
    if (!wanted || !this.root) {
      this.found.textContent = ''
      return
    }
    let time = 0
    this.root.each(node => {
      if (fits(node) && !node.ancestors().slice(1).some(fits)) {
        time += node.value ?? 0
      }
    })
    this.found.textContent = time
      ? `${duration(time)}, ${percent(time / (this.root.value || 1))} of it`
      : 'nothing fits'
  }

  private key(event: KeyboardEvent): void {
    const node = this.nodes.get(event.target as HTMLElement)
    if (!node) {
      return
    }
    const siblings = node.parent?.children ?? [node]
    const place = siblings.indexOf(node)
    const next =
      event.key === 'ArrowDown'
        ? node.children?.[0]
        : event.key === 'ArrowUp'
          ? node.parent
          : event.key === 'ArrowRight'
            ? siblings[place + 1]
            : event.key === 'ArrowLeft'
              ? siblings[place - 1]
              : undefined
    if (event.key === 'Escape') {
      this.zoom(null)
    }
    if (next) {
      event.preventDefault()
      for (const [element, each] of this.nodes) {
        if (each === next) {
          element.focus()
        }
      }
    }
  }
}

/** Without the module and the package, which push the class out of sight: the whole stands in the line below. */
function short(frame: string): string {
  const bare = frame
    .replace(/^(?:[\w.@-]*\/){1,2}/, '')
    .replace(/\([^()]*\)$/, '')
    .replace(/\/0x[0-9a-f]+/, '')
  const parts = bare.split('.')
  return parts.length > 2 ? parts.slice(-2).join('.') : bare
}
