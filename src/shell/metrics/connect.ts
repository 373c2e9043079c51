import type { MetricSourceSpec } from '../../core/metrics/spec.ts'
import type { MetricSource } from './source.ts'
