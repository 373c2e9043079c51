import { DurableObject } from 'cloudflare:workers'

/** Counts visits in SQLite, and says which version its own code is: Cloudflare chooses it apart from the Worker's. */
export class Counter extends DurableObject {
  constructor(state, env) {
    super(state, env)
    state.storage.sql.exec('CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY CHECK (id = 1), total INTEGER NOT NULL)')
  }

  countVisit() {
    const sql = 'INSERT INTO visits VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET total = total + 1 RETURNING total'
    return { ...this.ctx.storage.sql.exec(sql).one(), versionId: this.env.VERSION.id }
  }

  read() {
    const [row] = this.ctx.storage.sql.exec('SELECT total FROM visits').toArray()
    return { total: row?.total ?? 0, versionId: this.env.VERSION.id }
  }
}
