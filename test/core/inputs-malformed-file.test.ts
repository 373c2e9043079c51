import { describe, expect, it } from 'vitest'
import { FILE, givenFor, parse, problemsOf } from './inputs-samples.ts'
import { parseInputs } from '../../src/inputs.ts'
import { describeProblem } from '../../src/inputs/problems.ts'
import { CHECK_KINDS } from '../../src/inputs/schema.ts'

/** What is wrong, the text of sleepwell.yml, and every problem in full, each behind the file's name. */
const MALFORMED: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
  ['an unknown key', 'chekcs: []', [':1:1: the file has no key "chekcs"; allowed: url, proof, ready, checks, limits, preExisting, gate, rollout, freeze, drift, notify, triggers, environments.']],
  ['a number for an address', 'url: 3', [':1:6: `url` is 3; expected text.']],
  ['no value', 'url:', [':1:5: `url` is empty; expected text.']],
  ['an address without TLS', 'url: http://shop.example.com', [':1:6: `url` is "http://shop.example.com"; allowed: https (http only on this machine).']],
  ['an address with a password', 'url: http://ada:hunter22@shop.example.com', [':1:6: `url` holds a user name or a password; leave them out.']],
  ['an address with a password and no scheme', 'url: ada:hunter22@shop.example.com', [':1:6: `url` holds a user name or a password; leave them out.']],
  ['half an address', 'url: shop.example.com', [':1:6: `url` is "shop.example.com"; allowed: an absolute URL such as https://shop.example.com.']],
  ['no checks in the list', 'checks: []', [':1:9: `checks` is an empty list; allowed: at least 1 entry.']],
  ['a map for a list', 'checks: {}', [':1:9: `checks` is an empty map; expected a list.']],
  ['a check without a path', 'checks:\n  - name: a\n    kind: http', [':2:5: `checks.0.path` is missing; expected text.']],
  ['a check of an unknown kind', 'checks:\n  - name: a\n    kind: tcp\n    path: /', [`:3:11: \`checks.0.kind\` is "tcp"; allowed: ${CHECK_KINDS.join(', ')}.`]],
  ['a check without a kind', 'checks:\n  - name: a\n    path: /', [`:2:5: \`checks.0.kind\` is missing; allowed: ${CHECK_KINDS.join(', ')}.`]],
  ['a check without a name', 'checks: [{ kind: http, path: / }]', [':1:10: `checks.0.name` is missing; expected text.']],
  ['a check with an empty name', 'checks: [{ name: "", kind: http, path: / }]', [':1:18: `checks.0.name` is ""; expected 1 to 80 characters, no slash.']],
  ['a path without a slash', 'checks: [{ name: a, kind: http, path: healthz }]', [':1:39: `checks.0.path` is "healthz"; expected a path that begins with one slash and holds no blanks, such as /healthz.']],
  ['a path that leads to another host', 'checks: [{ name: a, kind: http, path: //evil.example.com/ }]', [':1:39: `checks.0.path` is "//evil.example.com/"; expected a path that begins with one slash and holds no blanks, such as /healthz.']],
  ['a method in lower case', 'checks: [{ name: a, kind: http, path: /, method: get }]', [':1:50: `checks.0.method` is "get"; allowed: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS.']],
  ['a status out of range', 'checks: [{ name: a, kind: http, path: /, expect: { status: 99 } }]', [':1:60: `checks.0.expect.status` is 99; allowed: at least 100.']],
  ['one bad status among several', 'checks: [{ name: a, kind: http, path: /, expect: { status: [200, 600] } }]', [':1:66: `checks.0.expect.status.1` is 600; allowed: at most 599.']],
  ['a status in words', 'checks: [{ name: a, kind: http, path: /, expect: { status: ok } }]', [':1:60: `checks.0.expect.status` is "ok"; expected a status from 100 to 599, a class such as 2xx, a range such as 200-299, or a list of them.']],
  ['no patience at all', 'checks: [{ name: a, kind: http, path: /, timeoutSeconds: 0 }]', [':1:58: `checks.0.timeoutSeconds` is 0; allowed: more than 0.']],
  ['too much patience', 'checks: [{ name: a, kind: http, path: /, timeoutSeconds: 121 }]', [':1:58: `checks.0.timeoutSeconds` is 121; allowed: at most 120.']],
  ['seconds with a unit', 'checks: [{ name: a, kind: http, path: /, timeoutSeconds: 10s }]', [':1:58: `checks.0.timeoutSeconds` is "10s"; expected a number.']],
  ['a deadline beyond ten minutes', 'checks: [{ name: a, kind: http, path: /, deadlineSeconds: 601 }]', [':1:59: `checks.0.deadlineSeconds` is 601; allowed: at most 600.']],
  ['a header name with a blank', 'checks: [{ name: a, kind: http, path: /, headers: { "a b": c } }]', [':1:53: `checks.0.headers` has the key "a b"; expected the name of a header.']],
  ['a number for a header', 'checks: [{ name: a, kind: http, path: /, headers: { a: 3 } }]', [':1:56: `checks.0.headers.a` is 3; expected text.']],
  ['a header of two lines', 'checks: [{ name: a, kind: http, path: /, headers: { a: "b\\nc: d" } }]', [':1:56: `checks.0.headers.a` is "b\\nc: d"; expected one line.']],
  ['a pattern that multiplies', 'checks: [{ name: a, kind: http, path: /, expect: { matches: "(a{30}){30}" } }]', [':1:61: `checks.0.expect.matches` is "(a{30}){30}"; expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}.']],
  ['a pattern that does not parse', 'checks: [{ name: a, kind: http, path: /, expect: { matches: "[" } }]', [':1:61: `checks.0.expect.matches` is "["; expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}.']],
  ['a back-reference in a pattern', 'checks: [{ name: a, kind: http, path: /, expect: { matches: "(a)\\\\1" } }]', [':1:61: `checks.0.expect.matches` is "(a)\\\\1"; expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}.']],
  ['a look-ahead in a pattern', 'checks: [{ name: a, kind: http, path: /, expect: { matches: "(?=a)" } }]', [':1:61: `checks.0.expect.matches` is "(?=a)"; expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}.']],
  ['an expectation that expects nothing', 'checks: [{ name: a, kind: http, path: /, expect: { json: [{ path: a }] } }]', [':1:59: `checks.0.expect.json.0` is a map with "path"; expected at least one of equals, matches, exists, type, min, max.']],
  ['a broken JSON path', 'checks: [{ name: a, kind: http, path: /, expect: { json: [{ path: "a..b", exists: true }] } }]', [':1:67: `checks.0.expect.json.0.path` is "a..b"; expected a path such as version.id or items[0].name.']],
  ['an unknown expectation', 'checks: [{ name: a, kind: http, path: /, expect: { jsn: [] } }]', [':1:52: `checks.0.expect` has no key "jsn"; allowed: status, headers, json, text, matches, jsonSchema, bodyBytes, sha256, withinMs.']],
  ['a bound in words', 'checks: [{ name: a, kind: http, path: /, expect: { json: [{ path: a, min: x }] } }]', [':1:75: `checks.0.expect.json.0.min` is "x"; expected a number.']],
  ['two checks of one name', 'checks:\n  - { name: a, kind: http, path: / }\n  - { name: a, kind: http, path: /b }', [':3:13: `checks.1.name` is "a" like another check\'s; names must be unique.']],
  ['an unknown proof', 'proof: yes', [':1:8: `proof` is "yes"; allowed: none, { header: <name> } or { json: <path> }.']],
  ['a misspelt proof', 'proof: { heder: x }', [':1:8: `proof` is a map with "heder"; allowed: none, { header: <name> } or { json: <path> }.']],
  ['two proofs at once', 'proof: { header: a, json: b }', [':1:8: `proof` is a map with "header, json"; allowed: none, { header: <name> } or { json: <path> }.']],
  ['a proof in no header', 'proof: { header: "x y" }', [':1:18: `proof.header` is "x y"; expected the name of a header.']],
  ['an unknown policy', 'drift: maybe', [':1:8: `drift` is "maybe"; allowed: warn, refuse.']],
  ['a freeze without a zone', 'freeze: [{ reason: r, from: 2026-12-24T16:00, to: 2026-12-27T08:00 }]', [':1:10: `freeze.0.timeZone` is missing; expected text.']],
  ['a freeze in no zone of the database', 'freeze: [{ reason: r, timeZone: Europe/Atlantis, from: 2026-12-24T16:00, to: 2026-12-27T08:00 }]', [':1:33: `freeze.0.timeZone` is "Europe/Atlantis"; expected the name of a time zone in the IANA database, such as Europe/Berlin.']],
  ['an offset for a zone, which has no summer', 'freeze: [{ reason: r, timeZone: "+01:00", from: 2026-12-24T16:00, to: 2026-12-27T08:00 }]', [':1:33: `freeze.0.timeZone` is "+01:00"; expected the name of a time zone in the IANA database, such as Europe/Berlin.']],
  ['a freeze on a day of the week that is none', 'freeze: [{ reason: r, timeZone: UTC, days: [friday], from: "16:00", to: "00:00" }]', [':1:45: `freeze.0.days.0` is "friday"; allowed: mon, tue, wed, thu, fri, sat, sun.']],
  ['a freeze at an hour that is none', 'freeze: [{ reason: r, timeZone: UTC, days: [fri], from: "24:00", to: 8am }]', [':1:57: `freeze.0.from` is "24:00"; expected a time of day such as "16:00", from 00:00 to 23:59.', ':1:70: `freeze.0.to` is "8am"; expected a time of day such as "16:00", from 00:00 to 23:59.']],
  ['a freeze on a day that the calendar has not', 'freeze: [{ reason: r, timeZone: UTC, from: 2026-02-30T16:00, to: 2026-03-01T08:00 }]', [':1:44: `freeze.0.from` is "2026-02-30T16:00"; expected a local date and time such as 2026-12-24T16:00, without an offset.']],
  ['a freeze with an offset', 'freeze: [{ reason: r, timeZone: UTC, from: 2026-12-24T16:00Z, to: 2026-12-27T08:00 }]', [':1:44: `freeze.0.from` is "2026-12-24T16:00Z"; expected a local date and time such as 2026-12-24T16:00, without an offset.']],
  ['a freeze that ends before it begins', 'freeze: [{ reason: r, timeZone: UTC, from: 2026-12-27T16:00, to: 2026-12-24T08:00 }]', [':1:66: `freeze.0.to` is "2026-12-24T08:00"; expected a time after `from`.']],
  ['a boolean for a policy', 'triggers: true', [':1:11: `triggers` is true; allowed: apply, skip.']],
  ['a gate without workflows', 'gate: {}', [':1:7: `gate.workflows` is missing; expected a list.']],
  ['no workflow in the gate', 'gate: { workflows: [] }', [':1:20: `gate.workflows` is an empty list; allowed: at least 1 entry.']],
  ['a workflow that is no path', 'gate: { workflows: [{ path: test.yml }] }', [':1:29: `gate.workflows.0.path` is "test.yml"; expected .github/workflows/<file>.yml.']],
  ['a gate on pull requests', 'gate: { workflows: [{ path: .github/workflows/t.yml, events: [pull_request] }] }', [':1:63: `gate.workflows.0.events.0` is "pull_request"; allowed: push, merge_group, workflow_dispatch, schedule.']],
  ['an error in an environment', 'environments:\n  production:\n    drift: nope', [':3:12: `environments.production.drift` is "nope"; allowed: warn, refuse.']],
  ['an error in another environment', 'environments:\n  staging:\n    url: 3', [':3:10: `environments.staging.url` is 3; expected text.']],
  ['a list of environments', 'environments: [a]', [':1:15: `environments` is a list; expected a map.']],
  ['a key given twice', 'url: https://a.example.com\nurl: https://b.example.com', [':2:1: the key "url" is given twice in one map; keep one.']],
  ['a quotation without end', 'url: "x', [':1:8: is not YAML as it should be: Missing closing "quote.']],
  ['a tab', 'checks:\n\t- a', [':2:1: is not YAML as it should be: Tabs are not allowed as indentation.']],
  ['a list for the file', '- a', [':1:1: the file is a list; expected a map.']],
  ['a word for the file', 'hello', [':1:1: the file is "hello"; expected a map.']],
  ['two documents', 'drift: warn\n---\ndrift: refuse', [':2:1: a second document begins; allowed: one.']],
  ['an alias without an anchor', 'url: *nope', [':1:6: the alias *nope has no anchor &nope before it.']],
  ['an alias within its anchor', 'checks: &a [*a]', [':1:13: the alias *a lies within its own anchor.']],
  ['aliases that multiply', 'a: &x [1,1,1,1,1,1,1,1]\nb: &y [*x,*x,*x,*x,*x,*x,*x,*x]\nc: [*y,*y,*y,*y,*y,*y,*y,*y,*y,*y,*y,*y,*y]', [':1:1: its aliases cannot be followed: Excessive alias count indicates a resource exhaustion attack.']],
  ['a tag that runs code elsewhere', 'url: !!js/function foo', [':1:6: is not YAML as it should be: Unresolved tag: tag:yaml.org,2002:js/function.']],
  ['a variable that is not set', 'url: https://${SHOP_HOST}', [':1:6: the variable SHOP_HOST is empty or not set; set it in the step\'s `env:`.']],
  ['a secret that is not set', 'checks: [{ name: a, kind: http, path: /, headers: { authorization: "Bearer ${secret:HEALTH_TOKEN}" } }]', [':1:68: the variable HEALTH_TOKEN is empty or not set; set it in the step\'s `env:`.']],
]

const withFile = (file: string) => ({ file, inputs: file.startsWith('checks') ? { 'health-path': '' } : {} })

describe('a sleepwell.yml', () => {
  it.each(MALFORMED)('with %s is refused with its place, what was seen and what is allowed', (_what, file, problems) => {
    expect(problemsOf(parse('deploy', withFile(file)))).toEqual(problems.map((problem) => `${FILE}${problem}`))
  })

  it.each(MALFORMED)('with %s is refused by the gate too, and nothing but files is read', (_what, file) => {
    const paths: string[] = []
    const given = givenFor('gate', withFile(file))
    const parsed = parseInputs({ ...given, readFile: (path) => (paths.push(path), given.readFile(path)) })
    // The gate has none of the checks' variables, and needs none.
    if (!file.includes('${')) expect(parsed.kind).toBe('bad')
    expect(paths).toEqual(['/event.json', `/repo/${FILE}`])
  })

  it.each(MALFORMED)('with %s stands in no way back: it is told, and there are no checks', (_what, file, problems) => {
    for (const command of ['recover', 'rollback'] as const) {
      const parsed = parse(command, withFile(file))
      if (parsed.kind !== 'ok' || (parsed.config.command !== 'recover' && parsed.config.command !== 'rollback')) throw new Error(`${command} is refused`)
      const { checks } = parsed.config
      expect(checks.problems.map(describeProblem)).toEqual(problems.map((problem) => `${FILE}${problem}`))
      expect([...checks.ready, ...checks.specs]).toEqual([])
    }
  })

  it('shows every problem at once, in the order of the file', () => {
    const file = 'url: 3\ndrift: maybe\nchekcs: []\n'
    const places = problemsOf(parse('deploy', { file, inputs: { environment: '' } })).map((text) => text.split(': ')[0])
    expect(places).toEqual([`${FILE}:1:6`, `${FILE}:2:8`, `${FILE}:3:1`, 'input "environment"'])
  })

  it('never shows the value of a secret that makes it wrong', () => {
    const parsed = parse('deploy', { file: 'url: "http://${secret:PLANTED}"', env: { PLANTED: 'hunter22hunter22' } })
    expect(problemsOf(parsed)).toEqual([`${FILE}:1:6: \`url\` is "http://***"; allowed: https (http only on this machine).`])
    expect(parsed.secrets).toContain('hunter22hunter22')
  })

  it('shows a wrong value as it is written, not with its variables put in', () => {
    const file = 'drift: "${DRIFT}"'
    expect(problemsOf(parse('deploy', { file, env: { DRIFT: 'never' } }))).toEqual([
      `${FILE}:1:8: \`drift\` is "\${DRIFT}" with its variables put in; allowed: warn, refuse.`,
    ])
  })
})
