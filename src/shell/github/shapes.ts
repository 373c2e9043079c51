import { z } from 'zod'

// What is read of GitHub's answers, by the names of its REST API; whatever else they hold is left out.

const loginSchema = z
  .object({ login: z.string() })
  .nullish()
  .transform((account) => account?.login)

const runSchema = z
  .object({
    id: z.number(),
    run_number: z.number(),
    run_attempt: z.number().optional(),
    path: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    event: z.string(),
    head_repository: z.object({ id: z.number() }).nullish(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    html_url: z.string(),
    triggering_actor: loginSchema,
  })
  .transform((run) => ({
    id: run.id,
    runNumber: run.run_number,
    attempt: run.run_attempt ?? 1,
    path: run.path,
    headSha: run.head_sha,
    headBranch: run.head_branch,
    event: run.event,
    headRepositoryId: run.head_repository?.id,
    status: run.status ?? 'unknown',
    conclusion: run.conclusion,
    url: run.html_url,
    startedBy: run.triggering_actor,
  }))

const jobSchema = z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })

export const readRun = (seen: unknown) => runSchema.parse(seen)
export const readRuns = (seen: unknown) => z.object({ workflow_runs: z.array(runSchema) }).parse(seen).workflow_runs
export const readJobs = (seen: unknown) => z.object({ jobs: z.array(jobSchema) }).parse(seen).jobs

const relationSchema = z.object({ status: z.enum(['identical', 'ahead', 'behind', 'diverged']) })
export const readRelation = (seen: unknown) => relationSchema.parse(seen).status

const deploymentSchema = z.object({
  id: z.number(),
  url: z.string(),
  sha: z.string(),
  task: z.string(),
  environment: z.string(),
  payload: z.unknown(),
  creator: loginSchema,
})
export type Deployment = z.infer<typeof deploymentSchema>
export const readDeployment = (seen: unknown) => deploymentSchema.parse(seen)
export const readDeployments = (seen: unknown) => z.array(deploymentSchema).parse(seen)

const statusSchema = z.object({ state: z.string(), description: z.string().nullish().transform((text) => text ?? ''), creator: loginSchema })
export const readStatuses = (seen: unknown) => z.array(statusSchema).parse(seen)

/** Whatever GitHub has made carries an id: the acknowledgement of a write is GitHub's own. */
export function acknowledge(seen: unknown): void {
  z.object({ id: z.number() }).parse(seen)
}

const commitSchema = z.object({ commit: z.object({ message: z.string() }) })
export const readTitle = (seen: unknown) => commitSchema.parse(seen).commit.message.split('\n')[0] ?? ''

const pullSchema = z.object({ number: z.number(), merged_at: z.string().nullable(), merge_commit_sha: z.string().nullable() })
export const readPulls = (seen: unknown) => z.array(pullSchema).parse(seen)

const commentSchema = z.object({ id: z.number(), body: z.string().nullish(), user: loginSchema })
export const readComments = (seen: unknown) => z.array(commentSchema).parse(seen)
