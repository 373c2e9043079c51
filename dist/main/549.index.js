export const id = 549;
export const ids = [549];
export const modules = {

/***/ 28549:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readCertificate: () => (/* binding */ readCertificate)
/* harmony export */ });
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77030);
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(41692);


/** Reads the certificate that an https address shows, by a connection of its own over which nothing is said. */
function readCertificate(url, limitMs, signal) {
    if (url.protocol !== 'https:')
        return Promise.resolve({ kind: 'not-https' });
    const { promise, resolve } = Promise.withResolvers();
    const host = url.hostname.replaceAll(/[[\]]/g, '');
    // Judged below: one that has run out is still to be read, and that is what it is asked for.
    const socket = (0,node_tls__WEBPACK_IMPORTED_MODULE_1__.connect)({ host, port: Number(url.port || 443), ...((0,node_net__WEBPACK_IMPORTED_MODULE_0__.isIP)(host) === 0 ? { servername: host } : {}), rejectUnauthorized: false });
    const limit = setTimeout(() => end({ kind: 'unreadable', message: `no TLS handshake within ${limitMs / 1000} s` }), limitMs);
    const stop = () => end({ kind: 'unreadable', message: 'stopped before an answer' });
    const end = (facts) => {
        clearTimeout(limit);
        signal.removeEventListener('abort', stop);
        socket.destroy();
        resolve(facts);
    };
    socket.once('secureConnect', () => end(readFrom(socket)));
    socket.on('error', (error) => end({ kind: 'unreadable', message: error.message }));
    signal.addEventListener('abort', stop);
    if (signal.aborted)
        stop();
    return promise;
}
/** Docs "node:tls", X509 certificate error codes: of these, only the date is the check's own matter. */
const READABLE = new Set(['', 'CERT_HAS_EXPIRED']);
function readFrom(socket) {
    const error = socket.authorized ? '' : String(socket.authorizationError);
    if (!READABLE.has(error))
        return { kind: 'unreadable', message: `the certificate is not trusted: ${error}` };
    const untilMs = Date.parse(socket.getPeerCertificate().valid_to);
    return Number.isNaN(untilMs) ? { kind: 'unreadable', message: 'the certificate does not say until when it is valid' } : { kind: 'valid-until', untilMs };
}


/***/ })

};
