import uPlot from 'uplot'

/** All charts of the page: they follow their container's width, and are drawn anew when colours change. */

interface Held {
  chart: uPlot
  host: HTMLElement
}

const held = new Set<Held>()

/** Space at the left of every chart with a time axis, so that their times stand one above the other. */
export const AXIS_PX = 54
export const RIGHT_PX = 18

export function chart(options: Omit<uPlot.Options, 'width'>, data: uPlot.AlignedData, host: HTMLElement): uPlot {
  const made = new uPlot({ ...options, width: Math.max(120, host.clientWidth) } as uPlot.Options, data, host)
  const entry = { chart: made, host }
  held.add(entry)
  observer.observe(host)
  return made
}

export function drop(made: uPlot): void {
  for (const entry of held) {
    if (entry.chart === made) {
      held.delete(entry)
      observer.unobserve(entry.host)
    }
  }
  made.destroy()
}

const observer = new ResizeObserver(() => fit())

/** Gives each chart the width of its container. */
export function fit(): void {
  for (const { chart: each, host } of held) {
    const width = host.clientWidth
    if (width > 0 && width !== each.width) {
      each.setSize({ width, height: each.height })
    }
  }
}

export function redrawAll(): void {
  for (const { chart: each } of held) {
    each.redraw(false, true)
  }
}

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const FONT = '11px system-ui, sans-serif'

/** An axis in the page's own colours, which are asked for at each drawing. */
export function axis(more: uPlot.Axis): uPlot.Axis {
  return {
    stroke: () => css('--muted'),
    font: FONT,
    grid: { stroke: () => css('--grid'), width: 1 },
    ticks: { stroke: () => css('--grid'), width: 1, size: 4 },
    ...more,
  }
}

export function timeAxis(shown: boolean): uPlot.Axis {
  const two = (n: number): string => String(n).padStart(2, '0')
  return axis({
    show: true,
    size: shown ? 26 : 0,
    gap: 4,
    space: 80,
    values: shown
      ? (_chart, splits, _index, _space, step) =>
          splits.map(each => {
            const at = new Date(each * 1000)
            const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`
            const tenths = String(Math.round((each % 1) * 10))
            return step >= 60 ? minutes : `${minutes}:${two(at.getSeconds())}${step < 1 ? `.${tenths}` : ''}`
          })
      : () => [],
    ...(shown ? {} : { ticks: { show: false } }),
  })
}

/** Drags choose a stretch of time, a double click chooses all again. */
export function chooseTime(
  onChoice: (fromMs: number, toMs: number) => void,
  onAll: () => void,
): Partial<uPlot.Options> {
  return {
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    hooks: {
      setSelect: [
        chartOf => {
          const { left, width } = chartOf.select
          if (width > 3) {
            onChoice(chartOf.posToVal(left, 'x') * 1000, chartOf.posToVal(left + width, 'x') * 1000)
            chartOf.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          }
        },
      ],
      ready: [chartOf => chartOf.over.addEventListener('dblclick', onAll)],
    },
  }
}

/** For a logarithmic axis: its powers of ten, and nothing between them. */
export function decades(_chart: uPlot, _axis: number, low: number, high: number): number[] {
  const splits: number[] = []
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high; power++) {
    splits.push(10 ** power)
  }
  return splits
}

export const SYNC = 'time'

export function timeCursor(): uPlot.Cursor {
  return {
    sync: { key: SYNC, setSeries: false, scales: ['x', null] },
    x: true,
    y: false,
    points: { show: false },
    drag: { x: true, y: false, setScale: false },
    bind: { dblclick: () => () => null },
  }
}
