import type { OneWayDoor } from '../preflight.ts'
import type { Worker } from '../wrangler-config.ts'

/** What Cloudflare says of the deployed Worker; absent when there is none. */
export interface DeployedFacts {
  /** Newest Durable Object migration that was applied. */
  readonly migrationTag?: string
  /** Whether the live version declares container images. */
  readonly hasContainers?: boolean
}

const ALLOW = 'Run a dispatched deploy with `full-deploy: allow` and a reason.'

/**
 * Finds what a version upload cannot do, or putting the old version back cannot undo
 * (docs "Gradual deployments, limitations" and "Rollbacks, limits").
 */
export function findOneWayDoors(worker: Worker, deployed: DeployedFacts | undefined): readonly OneWayDoor[] {
  if (deployed === undefined) return [firstDeploy(worker)]
  const pending = pendingMigrations(worker, deployed.migrationTag)
  const doors: OneWayDoor[] = []
  if (pending.length > 0) {
    doors.push({
      kind: 'migration',
      message: `The Durable Object migration ${pending.map((tag) => `\`${tag}\``).join(', ')} is not applied yet, and no version from before it can be deployed after it.`,
      remedy: `Ship the migration alone, without other changes. ${ALLOW}`,
    })
  }
  if (worker.hasContainers || deployed.hasContainers === true) {
    doors.push({
      kind: 'containers',
      message: 'The Worker has containers: their images are not part of a version, and putting the old version back does not put the old image back.',
      remedy: `${ALLOW} The old image comes back only by deploying it again.`,
    })
  }
  if (worker.hasWorkersSite) {
    doors.push({
      kind: 'workers-site',
      message: 'The Worker uses Workers Sites (`site`), whose files no version carries.',
      remedy: `Move to static assets (\`assets\`). Until then: ${ALLOW}`,
    })
  }
  if (worker.hasServiceWorkerModules) {
    doors.push({
      kind: 'service-worker',
      message: 'The Worker uses the service-worker syntax (`wasm_modules`, `text_blobs` or `data_blobs`), of which Cloudflare keeps no versions to upload.',
      remedy: `Move to the module syntax. Until then: ${ALLOW}`,
    })
  }
  return doors
}

function firstDeploy(worker: Worker): OneWayDoor {
  return {
    kind: 'first-deploy',
    message: `The Worker \`${worker.scriptName}\` does not exist yet, so there is no version to go back to.`,
    remedy: `Check the account, the name and the wrangler environment. If it is new: ${ALLOW}`,
  }
}

/** wrangler 4.164.0 `getMigrationsToUpload`: all after the applied one; all of them if that one is unknown here. */
function pendingMigrations(worker: Worker, applied: string | undefined): readonly string[] {
  // Declared `exports` take the place of migrations, and are reconciled when a version is deployed.
  if (worker.exportedClasses.length > 0) return []
  const at = applied === undefined ? -1 : worker.migrationTags.indexOf(applied)
  return worker.migrationTags.slice(at + 1)
}
