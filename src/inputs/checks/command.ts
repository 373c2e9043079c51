import { z } from 'zod'
import { basics, count, seconds, strict } from '../schema-parts.ts'

// A program proves a version by what it prints, if at all: there is no proof to ask for.
const { proof: _, ...withoutProof } = basics

const argument = z.string().max(10_000).regex(/^[^\0]*$/, 'expected text without NUL')
/** What the runner and the action keep for themselves. */
const variableName = z.string().regex(/^(?!GITHUB_|ACTIONS_|INPUT_|RUNNER_|SLEEPWELL_)[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'expected the name of a variable that does not begin with GITHUB_, ACTIONS_, INPUT_, RUNNER_ or SLEEPWELL_')

export const commandCheck = strict({
  ...withoutProof,
  kind: z.literal('command'),
  run: z.array(argument).min(1).max(100).describe('The program and its arguments; no shell reads them unless one is named: `[sh, -c, …]`.'),
  workingDirectory: z
    .string()
    .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\0\r\n\\]{1,500}$/, 'expected a folder inside the repository, such as e2e')
    .default('.')
    .describe('From the repository\'s root.'),
  env: z.record(variableName, argument).default({}).describe('Variables besides; values may be `${secret:NAME}`.'),
  passExitCodes: z.array(count(0, 255)).min(1).max(20).default([0]).describe('Exit codes that pass.'),
  timeoutSeconds: seconds(900).default(60).describe('Of one run; then its process group is ended.'),
  deadlineSeconds: seconds(900).optional().describe('Of all runs together; twice `timeoutSeconds` unless given, so that a failure is tried once more. `limits.deadlineSeconds` stands over it.'),
})
