export const id = 265;
export const ids = [265];
export const modules = {

/***/ 32265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   assetsIn: () => (/* binding */ assetsIn)
/* harmony export */ });
/* harmony import */ var htmlparser2__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(81600);

/** What an HTML page loads: scripts, styles and images, each address once, as a browser would resolve it. */
function assetsIn(html, pageUrl) {
    const found = new Map();
    let base = pageUrl;
    const add = (kind, address, integrity = '') => {
        const text = address?.trim() ?? '';
        if (text === '' || !URL.canParse(text, base.href))
            return;
        const url = new URL(text, base);
        url.hash = '';
        // data: and blob: are in the page already.
        if (url.protocol !== 'https:' && url.protocol !== 'http:')
            return;
        if (!found.has(url.href))
            found.set(url.href, { kind, url: url.href, integrity });
    };
    const parser = new htmlparser2__WEBPACK_IMPORTED_MODULE_0__/* .Parser */ .i({
        onopentag(name, attributes) {
            // HTML Standard, "The base element": the first one counts.
            if (name === 'base' && base === pageUrl && attributes['href'] !== undefined && URL.canParse(attributes['href'], pageUrl.href))
                base = new URL(attributes['href'], pageUrl);
            for (const { kind, address } of referredBy(name, attributes))
                add(kind, address, attributes['integrity']);
        },
    });
    parser.write(html);
    parser.end();
    return [...found.values()];
}
function referredBy(name, attributes) {
    switch (name) {
        case 'script':
            return [{ kind: 'script', address: attributes['src'] }];
        case 'link':
            return linkedBy(attributes);
        case 'img':
            return [{ kind: 'image', address: attributes['src'] }, ...imagesIn(attributes['srcset'])];
        case 'source':
            return imagesIn(attributes['srcset']);
        default:
            return [];
    }
}
function linkedBy({ rel = '', as = '', href }) {
    const relations = new Set(rel.toLowerCase().split(/\s+/));
    if (relations.has('stylesheet'))
        return [{ kind: 'style', address: href }];
    if (relations.has('modulepreload'))
        return [{ kind: 'script', address: href }];
    if (relations.has('icon') || relations.has('apple-touch-icon'))
        return [{ kind: 'image', address: href }];
    const kind = PRELOADED[as.toLowerCase()];
    return relations.has('preload') && kind !== undefined ? [{ kind, address: href }] : [];
}
const PRELOADED = { script: 'script', style: 'style', image: 'image' };
/** `a.png 1x, b.png 2x`; addresses that hold commas are rare and read wrongly here, so only plain ones are taken. */
function imagesIn(srcset = '') {
    return srcset.split(/,\s+/).map((candidate) => ({ kind: 'image', address: candidate.trim().split(/\s+/)[0] }));
}


/***/ })

};
