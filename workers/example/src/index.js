import { createWorker } from './worker.js'
import { importKey } from './signing.js'

export { Counter } from './counter.js'

export default createWorker({ importKey })
