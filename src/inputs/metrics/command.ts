import { z } from 'zod'
import { commandCheck } from '../checks/command.ts'
import { seconds, strict } from '../schema-parts.ts'
import { lag, MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'
import { areNamesUnique, declaredMetric, EACH_NAME_ONCE, slowMargin } from './declared-metric.ts'

const { run, workingDirectory, env } = commandCheck.shape

export const commandSource = strict({
  ...metricBasics,
  kind: z.literal('command'),
  name: metricBasics.name.default('command'),
  lagSeconds: lag(60),
  run,
  workingDirectory,
  env,
  metrics: z.array(strict(declaredMetric)).min(1).max(16).default([{ name: 'errors', kind: 'errors', unit: 'request' }]).describe('What the program counts; it may leave out what it cannot tell.'),
  slowMargin,
  timeoutSeconds: seconds(300).default(30).describe('Of one run; then its process group is ended.'),
})
  .refine(({ margin, slowMargin: slow, tolerance }) => tolerance > Math.max(margin, slow), { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .refine(({ metrics }) => areNamesUnique(metrics), { error: EACH_NAME_ONCE, path: ['metrics'] })
  .describe('A program that prints raw counts as JSON for the versions and the interval that its environment names.')
