// Puts data into the template as attach-cli does.
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const escaped = text =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** @returns how many bytes the page has */
export function writePage(template, data, title, file) {
  const packed = gzipSync(JSON.stringify(data), { level: 9 }).toString('base64')
  const page = readFileSync(template, 'utf8')
    .replace('@@TITLE@@', () => escaped(title))
    .replace('@@DATA@@', () => packed)
  writeFileSync(file, page)
  return Buffer.byteLength(page)
}
