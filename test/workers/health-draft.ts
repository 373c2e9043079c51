/**
 * JSON Schema of draft-inadarei-api-health-check-06, sections 3 and 4, as strict as the draft is where it says SHOULD, and with
 * no key that it does not name (it allows more).
 */
export const healthDraft = {
  type: 'object',
  required: ['status'],
  additionalProperties: false,
  properties: {
    status: { enum: ['pass', 'warn', 'fail'] },
    version: { type: 'string' },
    releaseId: { type: 'string' },
    notes: { type: 'array', items: { type: 'string' } },
    output: { type: 'string' },
    links: { type: 'object', additionalProperties: { type: 'string', format: 'uri-reference' } },
    serviceId: { type: 'string' },
    description: { type: 'string' },
    checks: {
      type: 'object',
      // 4: one or two parts, neither of which holds a colon.
      propertyNames: { pattern: '^[^:]+(:[^:]+)?$' },
      additionalProperties: { type: 'array', minItems: 1, items: { $ref: '#/$defs/measurement' } },
    },
  },
  // 3.5: output SHOULD be omitted for pass.
  anyOf: [{ properties: { output: false } }, { properties: { status: { enum: ['warn', 'fail'] } } }],
  $defs: {
    measurement: {
      type: 'object',
      additionalProperties: false,
      properties: {
        componentId: { type: 'string' },
        componentType: { type: 'string' },
        observedValue: true,
        observedUnit: { type: 'string' },
        status: { enum: ['pass', 'warn', 'fail'] },
        affectedEndpoints: { type: 'array', items: { type: 'string', format: 'uri-template' } },
        time: { type: 'string', format: 'date-time' },
        output: { type: 'string' },
        links: { type: 'object', additionalProperties: { type: 'string', format: 'uri-reference' } },
      },
      // 4.5: a unit belongs to an observed value.
      dependentRequired: { observedUnit: ['observedValue'] },
      anyOf: [{ properties: { output: false } }, { required: ['status'], properties: { status: { enum: ['warn', 'fail'] } } }],
    },
  },
} as const
