import { z } from 'zod'
import { problemOfTemplate } from '../../core/metrics/counter-template.ts'
import { headers, seconds, strict, token, url } from '../schema-parts.ts'
import { lag, MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'
import { areNamesUnique, declaredMetric, EACH_NAME_ONCE, slowMargin } from './declared-metric.ts'

const template = z.string().min(1).max(2000).superRefine((text, context) => {
  const message = problemOfTemplate(text)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const prometheusMetric = strict({
  ...declaredMetric,
  total: template.describe('PromQL of one number: the counter of all requests of `{{version}}` (and of `{{script}}`), such as `sum(requests_total{version="{{version}}"})`.'),
  bad: template.describe('The same of the bad ones. No result is unknown and not zero: end with `or vector(0)` where it means none.'),
})

export const prometheusSource = strict({
  ...metricBasics,
  kind: z.literal('prometheus'),
  name: metricBasics.name.default('prometheus'),
  lagSeconds: lag(60),
  url: url.describe('What stands before `/api/v1/query`.'),
  token: token.optional().describe('Sent as `Authorization: Bearer`; write `${secret:NAME}`.'),
  headers: headers.describe('Besides, such as `X-Scope-OrgID`; values may be `${secret:NAME}`.'),
  metrics: z.array(prometheusMetric).min(1).max(16).describe('Raw counters, without rate() and increase(): their values at both ends of an interval are subtracted.'),
  slowMargin,
  timeoutSeconds: seconds(60).default(10).describe('Of one query.'),
  deadlineSeconds: seconds(300).default(30).describe('Of all queries of one poll.'),
})
  .refine(({ margin, slowMargin: slow, tolerance }) => tolerance > Math.max(margin, slow), { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .refine(({ metrics }) => areNamesUnique(metrics), { error: EACH_NAME_ONCE, path: ['metrics'] })
  .describe('Prometheus, or whatever answers its HTTP API. The lag must cover a scrape interval: counters are read as of the interval\'s end.')
