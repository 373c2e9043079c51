import { expect, it } from 'vitest'
import { runMain } from './runner-fixtures.ts'

it('tells of a job when it begins and when it has ended, by the name that GitHub lists it under', async () => {
  const told: string[] = []
  const run = await runMain({
    caller: {
      'main.yml': `
on: push
jobs:
  test: { name: unit, runs-on: x, steps: [{ run: exit 1 }] }
  call:
    needs: test
    if: always()
    strategy: { matrix: { folder: [workers/shop] } }
    uses: sleepwell/tool/.github/workflows/deploy.yml@v1
  never: { needs: test, runs-on: x, steps: [{ run: echo }] }
`,
    },
    tool: { '.github/workflows/deploy.yml': `on: workflow_call\njobs: { build: { name: "build for \${{ github.ref_name }}", runs-on: x, steps: [{ run: echo }] } }` },
    options: { onJob: ({ name, result }) => told.push(`${name}: ${result ?? 'runs'}`) },
  })
  expect(run.errors).toEqual([])
  // A calling job is no job of its own on GitHub, and one whose needs were not met never had a runner.
  expect(told).toEqual(['unit: runs', 'unit: failure', 'call (workers/shop) / build for main: runs', 'call (workers/shop) / build for main: success'])
})
