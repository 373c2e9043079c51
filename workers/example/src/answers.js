export function json(body, status = 200) {
  return Response.json(body, { status })
}

export function notFound() {
  return json({ error: 'not found' }, 404)
}

export function methodNotAllowed() {
  return json({ error: 'method not allowed' }, 405)
}

export function unauthorized() {
  return json({ error: 'unauthorized' }, 401)
}

/** `undefined` for what is no JSON. */
export function parseJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
