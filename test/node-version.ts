/** The suite is a claim about the runtime of the action, so it refuses to run on another. */
export default function assertNode24(): void {
  if (process.versions.node.split('.')[0] !== '24') {
    throw new Error(
      `The tests run on Node 24, as the action does; this is ${process.version}. Start them with "npm test", which puts the project's own Node first on the PATH.`,
    )
  }
}
