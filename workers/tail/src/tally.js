import { EDGES_MS, UNTIMED } from './wall-times.js'

// The tables of one script. A row a second, version and wall time: polls begin and end at any moment, and a longer
// bucket could not be divided between two of them.

const TABLES = `
  CREATE TABLE IF NOT EXISTS counts (
    second INTEGER, version TEXT, slower_than INTEGER, requests INTEGER, exceptions INTEGER, server_errors INTEGER,
    PRIMARY KEY (second, version, slower_than)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS versions (version TEXT PRIMARY KEY, script TEXT, first_ms INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS alerts (version TEXT, kind TEXT, tries INTEGER, is_settled INTEGER, PRIMARY KEY (version, kind)) WITHOUT ROWID;`
const ADD = `
  INSERT INTO counts VALUES (?, ?, ?, 1, ?, ?)
  ON CONFLICT DO UPDATE SET requests = requests + 1, exceptions = exceptions + excluded.exceptions, server_errors = server_errors + excluded.server_errors`
const SUMS = 'COALESCE(SUM(requests), 0) AS requests, COALESCE(SUM(exceptions), 0) AS exceptions, COALESCE(SUM(server_errors), 0) AS serverErrors'
/** Of versions that are remembered, so that a version is new only once. */
const MOST_VERSIONS = 100

export function openTally(sql) {
  sql.exec(TABLES)
  const known = new Set(sql.exec('SELECT version FROM versions').toArray().map(({ version }) => version))

  return {
    add(script, second, { version, slowerThan, isException, isServerError }, nowMs) {
      sql.exec(ADD, second, version, slowerThan, Number(isException), Number(isServerError))
      if (known.has(version)) return
      known.add(version)
      sql.exec('INSERT OR IGNORE INTO versions VALUES (?, ?, ?)', version, script, nowMs)
    },
    /** When counting began, `null` when it has not. */
    sinceMs: () => sql.exec('SELECT MIN(first_ms) AS ms FROM versions').one().ms,
    byVersion: (fromSecond, toSecond) => versionsOf(sql.exec(`SELECT version, slower_than AS slowerThan, ${SUMS} FROM counts WHERE second >= ? AND second < ? GROUP BY version, slower_than`, fromSecond, toSecond).toArray()),
    /** New ones: a version that was there when counting began followed no deploy that anybody saw. */
    versionsSince: (ms) => sql.exec("SELECT version, script, first_ms AS firstMs FROM versions WHERE version <> '' AND first_ms >= ? AND first_ms > (SELECT MIN(first_ms) FROM versions WHERE version <> '')", ms).toArray(),
    sumOf: (version, fromSecond) => sql.exec(`SELECT ${SUMS} FROM counts WHERE version = ? AND second >= ?`, version, fromSecond).one(),
    sumOfOthers: (version, fromSecond, toSecond) => sql.exec(`SELECT ${SUMS} FROM counts WHERE version <> ? AND version <> '' AND second >= ? AND second < ?`, version, fromSecond, toSecond).one(),
    /** Old counts, and versions too many; `false` when nothing is left to delete later. */
    forget(beforeSecond) {
      sql.exec('DELETE FROM counts WHERE second < ?', beforeSecond)
      // The oldest one stays: it tells since when all is counted.
      sql.exec('DELETE FROM versions WHERE first_ms > (SELECT MIN(first_ms) FROM versions) AND version NOT IN (SELECT version FROM versions ORDER BY first_ms DESC LIMIT ?) AND version NOT IN (SELECT version FROM counts)', MOST_VERSIONS)
      sql.exec('DELETE FROM alerts WHERE version NOT IN (SELECT version FROM versions)')
      known.clear()
      for (const { version } of sql.exec('SELECT version FROM versions')) known.add(version)
      return sql.exec('SELECT EXISTS (SELECT 1 FROM counts) AS some').one().some === 1
    },
  }
}

function versionsOf(rows) {
  return Object.fromEntries([...Map.groupBy(rows, ({ version }) => version)].map(([version, own]) => {
    const sum = (name, list = own) => list.reduce((total, row) => total + row[name], 0)
    const slower = EDGES_MS.map((edge) => sum('requests', own.filter(({ slowerThan }) => slowerThan >= edge)))
    const untimed = sum('requests', own.filter(({ slowerThan }) => slowerThan === UNTIMED))
    return [version, { requests: sum('requests'), exceptions: sum('exceptions'), serverErrors: sum('serverErrors'), slower, untimed }]
  }))
}
