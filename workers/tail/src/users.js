// Who has met what, where requests carry a key of their user: a row a second, version and user. No key is kept, only its
// hash with a salt that this object has made for itself.

const TABLES = `
  CREATE TABLE IF NOT EXISTS users (
    version TEXT, user TEXT, second INTEGER, exceptions INTEGER, server_errors INTEGER, PRIMARY KEY (version, user, second)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS salt (value TEXT);`
const ADD = `
  INSERT INTO users VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET exceptions = exceptions + excluded.exceptions, server_errors = server_errors + excluded.server_errors`

/** Users of an interval who had met nothing bad since the step began, and those of them who met it now: bad once a step. */
const sumsOf = (column) => `
  SELECT version, COUNT(*) AS total, SUM(bad) AS bad FROM (
    SELECT version, user, MAX(${column} > 0) AS bad FROM users AS now
    WHERE version <> '' AND second >= ?1 AND second < ?2 AND NOT EXISTS (
      SELECT 1 FROM users AS before WHERE before.version = now.version AND before.user = now.user AND before.second >= ?3 AND before.second < ?1 AND before.${column} > 0
    ) GROUP BY version, user
  ) GROUP BY version`
const COLUMNS = { exceptions: 'exceptions', serverErrors: 'server_errors' }

export function openUsers(sql) {
  sql.exec(TABLES)
  if (sql.exec('SELECT value FROM salt').toArray().length === 0) sql.exec('INSERT INTO salt VALUES (?)', crypto.randomUUID())
  const salt = sql.exec('SELECT value FROM salt').one().value

  return {
    /** 64 bits tell users of two hours apart, and say nothing of a key. */
    async hashOf(key) {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${salt}.${key}`)))
      return digest.slice(0, 8).toHex()
    },
    add: (user, second, { version, isException, isServerError }) => sql.exec(ADD, version, user, second, Number(isException), Number(isServerError)),
    byVersion(fromSecond, toSecond, sinceSecond) {
      const versions = {}
      for (const [name, column] of Object.entries(COLUMNS)) {
        const none = { total: 0, bad: 0 }
        for (const { version, total, bad } of sql.exec(sumsOf(column), fromSecond, toSecond, sinceSecond)) versions[version] = { exceptions: none, serverErrors: none, ...versions[version], [name]: { total, bad } }
      }
      return versions
    },
    forget: (beforeSecond) => sql.exec('DELETE FROM users WHERE second < ?', beforeSecond),
  }
}
