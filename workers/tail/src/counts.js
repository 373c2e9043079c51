import { DurableObject } from 'cloudflare:workers'
import { sendAlert } from './alert.js'
import { spikesOf } from './spikes.js'
import { openTally } from './tally.js'
import { openUsers } from './users.js'
import { EDGES_MS } from './wall-times.js'

/** A request is filed under the second in which it began, but never under one that is further back: those are closed. */
const GRACE_MS = 10_000
const DEFAULT_KEEP_SECONDS = 7200
const CLEAN_MS = 60_000
/** Errors are looked at once so many of them have had time to arrive. */
const LOOK_MS = 1000
/** Until a refused alert is tried again. */
const RETRY_MS = 30_000

/** The counts of one script. */
export class Counts extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    this.tally = openTally(ctx.storage.sql)
    this.users = openUsers(ctx.storage.sql)
    ctx.blockConcurrencyWhile(async () => void (this.alarmMs = await ctx.storage.getAlarm()))
  }

  /** Answers once all of it is on disk, which is what the output gate of Durable Objects sees to. */
  async add(script, requests) {
    const users = await Promise.all(requests.map(({ userKey }) => (userKey === '' ? '' : this.users.hashOf(userKey))))
    const nowMs = Date.now()
    for (const [index, request] of requests.entries()) {
      const startedAtMs = Number.isFinite(request.startedAtMs) ? request.startedAtMs : nowMs
      const filedMs = Math.min(Math.max(startedAtMs, nowMs - GRACE_MS), nowMs)
      this.tally.add(script, secondOf(filedMs), request, nowMs)
      if (users[index] !== '') this.users.add(users[index], secondOf(filedMs), request)
    }
    const isBad = requests.some(({ isException, isServerError }) => isException || isServerError)
    await this.wake(nowMs + (isBad ? LOOK_MS : CLEAN_MS))
  }

  /** Both ends are rounded down: intervals that follow on each other share no second, and lose none. */
  read({ script, fromMs, toMs, sinceMs }) {
    const nowMs = Date.now()
    const { '': unattributed, ...versions } = this.tally.byVersion(secondOf(fromMs), secondOf(toMs))
    return {
      schemaVersion: 1,
      script,
      fromMs: secondOf(fromMs) * 1000,
      toMs: secondOf(toMs) * 1000,
      nowMs,
      closedMs: secondOf(nowMs - GRACE_MS) * 1000,
      countedSinceMs: this.tally.sinceMs(),
      keptFromMs: this.keptFromSecond(nowMs) * 1000,
      edgesMs: EDGES_MS,
      versions,
      unattributed: unattributed?.requests ?? 0,
      // `null`: nobody asked, or nobody counts them.
      users: sinceMs === undefined || this.env.COUNT_USERS !== 'true' ? null : this.users.byVersion(secondOf(fromMs), secondOf(toMs), secondOf(sinceMs)),
    }
  }

  async alarm() {
    this.alarmMs = null
    const nowMs = Date.now()
    const isAllSettled = this.env.ALERT_URL ? await this.tellSpikes(nowMs) : true
    if (!isAllSettled) await this.wake(nowMs + RETRY_MS)
    this.users.forget(this.keptFromSecond(nowMs))
    if (this.tally.forget(this.keptFromSecond(nowMs))) await this.wake(nowMs + CLEAN_MS)
  }

  /** `false` when a receiver has refused one that it may still take. */
  async tellSpikes(nowMs) {
    let isAllSettled = true
    for (const spike of spikesOf(this.tally, nowMs)) {
      const isSettled = await sendAlert(this.ctx.storage.sql, spike, this.env)
      isAllSettled = isAllSettled && isSettled
    }
    return isAllSettled
  }

  /** At the latest then; one that is long overdue has been given up by the platform. */
  async wake(atMs) {
    if (this.alarmMs !== null && this.alarmMs <= atMs && this.alarmMs > atMs - 2 * CLEAN_MS) return
    this.alarmMs = atMs
    await this.ctx.storage.setAlarm(atMs)
  }

  keptFromSecond(nowMs) {
    const seconds = Number(this.env.KEEP_SECONDS)
    return secondOf(nowMs) - (seconds > 0 ? seconds : DEFAULT_KEEP_SECONDS)
  }
}

function secondOf(ms) {
  return Math.floor(ms / 1000)
}
