export const id = 549;
export const ids = [549];
export const modules = {

/***/ 28549:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readCertificate: () => (/* binding */ readCertificate)
/* harmony export */ });
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(41692);

/** Reads the certificate that an https address shows, by a connection of its own; one that is not trusted is no answer. */
function readCertificate(url, limitMs, signal) {
    if (url.protocol !== 'https:')
        return Promise.resolve({ kind: 'unreadable', message: 'the address is not https' });
    const { promise, resolve } = Promise.withResolvers();
    const socket = (0,node_tls__WEBPACK_IMPORTED_MODULE_0__.connect)({ host: url.hostname, port: Number(url.port || 443), servername: url.hostname, timeout: limitMs });
    const end = (facts) => {
        socket.destroy();
        resolve(facts);
    };
    socket.once('secureConnect', () => end(readFrom(socket.getPeerCertificate().valid_to)));
    socket.once('error', (error) => end({ kind: 'unreadable', message: error.message }));
    socket.once('timeout', () => end({ kind: 'unreadable', message: `no TLS handshake within ${limitMs / 1000} s` }));
    signal.addEventListener('abort', () => end({ kind: 'unreadable', message: 'stopped before an answer' }), { once: true });
    return promise;
}
function readFrom(validTo) {
    const untilMs = Date.parse(validTo);
    return Number.isNaN(untilMs) ? { kind: 'unreadable', message: 'the certificate does not say until when it is valid' } : { kind: 'valid-until', untilMs };
}


/***/ })

};
