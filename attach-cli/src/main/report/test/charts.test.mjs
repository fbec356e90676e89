// What the charts draw and say of the place at which the mouse points, against the data. Called by test-report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, hour, onData, onPage, point, text } from './browser.mjs'
import { clock, grouped, sumOf, written } from './numbers.mjs'
import { sample } from './sample.mjs'

/** Edges of the heat map's rows: four to each power of two, from 64 ns up, and 0. */
const EDGES = [0]
for (let power = 6; power < 40; power++) {
  EDGES.push(...[1, 1.25, 1.5, 1.75].map(each => each * 2 ** power).filter(each => each % 64 === 0))
}

/** Reads the heat map in the middle of a column from top to bottom: what each row says of the time and its values. */
async function cellsOf(page, across) {
  const edges = new Map(EDGES.map(each => [written(each), each]))
  const plot = page.locator('.heat .u-over')
  await plot.scrollIntoViewIfNeeded()
  const { height } = await plot.boundingBox()
  const told = new Set()
  for (let down = 1; down < height; down += 3) {
    await point(page, plot, across, down / height)
    told.add(await text(page, '.heat .at'))
  }
  return [...told].map(each => {
    const [, time, low, high, count] = each.match(/^(\S+ – \S+), (.+) to (.+): ([\d,]+)$/) ?? []
    assert.ok(edges.has(low) && edges.has(high), each)
    return { time, low: edges.get(low), high: edges.get(high), count: Number(count.replaceAll(',', '')) }
  })
}

/** What cells say is what the counts by bound have in that column, all of it and each by itself. */
function assertCells(cells, counts, [from, to]) {
  assert.equal(sumOf(cells.map(each => each.count)), sumOf([...counts.values()]))
  for (const { time, low, high, count } of cells) {
    assert.equal(time, `${clock(from)} – ${clock(to)}`)
    const inside = [...counts].filter(([bound]) => bound >= low && bound < high)
    assert.equal(count, sumOf(inside.map(each => each[1])), `${low} to ${high}`)
  }
}

/** Where the middle of a column is on a time axis, as a share of its width. */
const middleOf = ({ fromMs, toMs, columns }, column) =>
  ((columns[column][0] + columns[column][1]) / 2 - fromMs) / (toMs - fromMs)

/** What a histogram counted in a column, by bound. */
const countsIn = (histogram, column) => {
  const pairs = histogram.columns.find(each => each[0] === column)[1]
  return new Map(pairs.flatMap((index, i) => (i % 2 ? [] : [[histogram.bounds[index], pairs[i + 1]]])))
}

/** How many values are in each row of the heat map. */
function byRow(counts) {
  const sums = new Map()
  for (const [bound, count] of counts) {
    const low = EDGES.findLast(each => each <= bound)
    sums.set(low, (sums.get(low) ?? 0) + count)
  }
  return [...sums.values()]
}

test('a cell of the heat map says what the data have of that time and size', async () => {
  await onPage(HOUR, async page => {
    await page.selectOption('#metric', 'blocked_disk')
    const of = hour.histograms.filter(each => each.metric === 'blocked_disk')
    for (const [pool, column] of [
      ['', 10],
      ['order-worker-#', 75],
    ]) {
      await page.selectOption('#pool', pool)
      const histogram = of.find(each => (each.pool ?? '') === pool)
      const cells = await cellsOf(page, middleOf(hour, column))
      assert.ok(cells.filter(each => each.count).length > 10)
      assertCells(cells, countsIn(histogram, column), hour.columns[column])
      const fullest = Math.max(...histogram.columns.flatMap(([each]) => byRow(countsIn(histogram, each))))
      assert.equal(await page.locator('.heat .scale').textContent(), `1  ${grouped(fullest)} in a cell`)
    }
  })
})

test('the smallest values have cells as wide as their buckets', async () => {
  const data = sample({ columns: 2, seconds: 2 })
  const bounds = [63, 127, 191, 255, 319, 1087]
  const counts = [5, 7, 11, 13, 17, 19]
  const columns = [[1, bounds.flatMap((_, i) => [i, counts[i]])]]
  const of = { metric: 'runnable', pool: null, operation: null, unit: 'ns', count: 72, sum: 9999, max: 1030 }
  data.histograms = [{ ...of, bounds, counts, columns }]
  await onData(data, async page => {
    const cells = await cellsOf(page, middleOf(data, 1))
    assertCells(cells, countsIn(data.histograms[0], 1), data.columns[1])
    assert.deepEqual(
      cells
        .filter(each => each.count)
        .map(each => [each.low, each.high, each.count])
        .reverse(),
      [
        [0, 64, 5],
        [64, 128, 7],
        [128, 192, 11],
        [192, 256, 13],
        [256, 320, 17],
        [1024, 1280, 19],
      ],
    )
  })
})
