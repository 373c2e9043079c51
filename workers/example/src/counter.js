import { DurableObject } from 'cloudflare:workers'
import { isBroken } from './switches.js'

/** Counts visits in SQLite, and says which version its own code is: Cloudflare chooses it apart from the Worker's. */
export class Counter extends DurableObject {
  constructor(state, env) {
    super(state, env)
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY CHECK (id = 1), total INTEGER NOT NULL)')
    // Kept, since an idle object is put away and made anew: it would begin to start again.
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS starts (what TEXT PRIMARY KEY, at_ms INTEGER NOT NULL)')
    this.#startedAtMs(`object ${env.VERSION.id}`)
  }

  countVisit() {
    this.#breakIfAsked()
    const sql = 'INSERT INTO visits VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET total = total + 1 RETURNING total'
    return { ...this.ctx.storage.sql.exec(sql).one(), versionId: this.env.VERSION.id }
  }

  read() {
    this.#breakIfAsked()
    const [row] = this.ctx.storage.sql.exec('SELECT total FROM visits').toArray()
    return { total: row?.total ?? 0, versionId: this.env.VERSION.id }
  }

  /**
   * A finding for the health document. The object is ready for a version of the Worker some seconds after that one first asked,
   * as one that boots a container or builds an index for it; and some seconds after it first ran its own code.
   */
  health({ versionId, readySeconds }) {
    this.#breakIfAsked()
    const ownSeconds = Number(this.env.OBJECT_READY_SECONDS) || 0
    const readyAtMs = Math.max(
      this.#startedAtMs(`worker ${versionId}`) + readySeconds * 1000,
      this.#startedAtMs(`object ${this.env.VERSION.id}`) + ownSeconds * 1000,
    )
    const leftSeconds = Math.ceil((readyAtMs - Date.now()) / 1000)
    const { id } = this.env.VERSION
    if (leftSeconds <= 0) return { versionId: id }
    return { status: 'starting', output: `ready in ${leftSeconds} s`, retryAfterSeconds: Math.min(leftSeconds, 5), versionId: id }
  }

  /** When it was first asked about. */
  #startedAtMs(what) {
    const sql = 'INSERT INTO starts VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET at_ms = at_ms RETURNING at_ms'
    return this.ctx.storage.sql.exec(sql, what, Date.now()).one().at_ms
  }

  /** A bug inside the object alone: it comes with the version that the object runs, not with the Worker's. */
  #breakIfAsked() {
    if (isBroken(this.env, 'object')) throw new Error('no such column: visitors')
  }
}
