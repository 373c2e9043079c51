// `npm run sandbox`: starts the local Cloudflare and GitHub, and prints the environment for wrangler and for the action.
import { wranglerEnvironment } from './by-hand.ts'
import { startPlatform } from './platform.ts'

await using platform = await startPlatform({ token: 'sandbox-token-0123456789abcdef' })
const first = platform.github.model.addCommit({ message: 'First commit' })
platform.github.model.addWorkflowRun({ workflowPath: '.github/workflows/test.yml', headSha: first, status: 'completed', conclusion: 'success' })
const token = platform.github.createToken({ permissions: { actions: 'read', contents: 'read', deployments: 'write', statuses: 'write', 'pull-requests': 'write' } })

console.log('# A Cloudflare and a GitHub are running on this machine until you press Ctrl+C.')
console.log('# For wrangler, typed by hand in another terminal:')
for (const [name, value] of Object.entries(wranglerEnvironment(platform))) console.log(`export ${name}='${value}'`)
console.log(`# Workers answer at ${platform.edge.url} (name one by the header cf-sandbox-script).`)
console.log(`# GitHub, for curl or octokit: repository ${platform.github.owner}/${platform.github.repo}, commit ${first}`)
console.log(`export GITHUB_API_URL='${platform.github.apiUrl}'`)
console.log(`export GITHUB_TOKEN='${token}'`)

const stopped = Promise.withResolvers<void>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve())
// Something must keep the process alive while nobody asks anything.
const alive = setInterval(() => undefined, 60_000)
await stopped.promise
clearInterval(alive)
