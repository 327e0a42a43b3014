import { spawnSync } from 'node:child_process'

/**
 * Asks the registry what is known against the dependencies that run in production. Fails for what is grave. Where the registry does not
 * answer such questions, as mirrors often do not, nothing is known, and nothing fails.
 */

const GRAVE = ['high', 'critical']

const { npm_execpath: pnpm } = process.env
const ask = ['audit', '--prod', '--json']
const [program, args] = pnpm ? [process.execPath, [pnpm, ...ask]] : ['npx', ['-y', 'pnpm@10', ...ask]]
const { stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 })

const advisories = advisoriesIn(stdout)
if (advisories) {
  for (const { severity, module_name, findings, title, url } of advisories)
    console.log(`${severity}: ${module_name} ${findings.map(({ version }) => version).join(', ')}: ${title} (${url})`)
  console.log(`${advisories.length} known weaknesses of dependencies.`)
  if (advisories.some(({ severity }) => GRAVE.includes(severity))) process.exitCode = 1
} else {
  console.log('The registry does not say what is known against the dependencies: nothing was checked.')
}

function advisoriesIn(answer) {
  try {
    const { advisories } = JSON.parse(answer)
    return advisories && Object.values(advisories)
  } catch {
    return undefined
  }
}
