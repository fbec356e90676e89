// Makes one file of src/ and the libraries: the template into which attach-cli puts a recording. Called by build-report.
import { build } from 'esbuild'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Without data, so that what is left of 3 MB is the recording's. */
const MOST_BYTES = 400_000

/** Whose code is in the page; their licences want to be in every copy. */
const LIBRARIES = ['uplot', 'd3-hierarchy']

const [target] = process.argv.slice(2)
const { outputFiles } = await build({
  entryPoints: ['src/main.ts'],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  legalComments: 'none',
  write: false,
  outdir: 'out',
  logLevel: 'warning',
})
const text = suffix => outputFiles.find(file => file.path.endsWith(suffix)).text.trim()

// Functions, since in a replacement string $& and the like mean something.
const licenses = LIBRARIES.map(name => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`)
if (licenses.some(text => text.includes('--'))) {
  throw new Error('a licence would end the comment in which it stands')
}
const page = readFileSync('template.html', 'utf8')
  .replace(
    '@@LICENSES@@',
    () => `\nMade by bpf-agent, Apache License 2.0. This page carries:\n\n${licenses.join('\n')}`,
  )
  .replace('/*@@STYLE@@*/', () => text('.css'))
  .replace('/*@@SCRIPT@@*/', () => text('.js'))
for (const place of ['@@TITLE@@', '@@DATA@@']) {
  if (page.split(place).length !== 2) {
    throw new Error(`the template must have ${place} once`)
  }
}
if (text('.js').includes('</script') || text('.css').includes('</style')) {
  throw new Error('the script would end early: it has </script in it')
}
const bytes = Buffer.byteLength(page)
if (bytes > MOST_BYTES) {
  throw new Error(`the template must have at most ${MOST_BYTES} bytes, it has ${bytes}`)
}
writeFileSync(`${target}.tmp`, page)
renameSync(`${target}.tmp`, target)
