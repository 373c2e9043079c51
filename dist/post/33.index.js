export const id = 33;
export const ids = [33];
export const modules = {

/***/ 49033:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  tell: () => (/* binding */ tell)
});

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(55491);
// EXTERNAL MODULE: ./lib/core/report/chat.js
var chat = __webpack_require__(7746);
// EXTERNAL MODULE: ./lib/shell/http.js
var http = __webpack_require__(28844);
;// CONCATENATED MODULE: ./lib/shell/notify/sent.js

/** A message that may have arrived is not sent a second time: only a plain "too many requests" is waited out. */
function sendMessage(request, transport) {
    return (0,http/* sendRepeatedly */.g)(request, transport, (answer) => answer.kind !== 'no-answer' && answer.status === 429);
}
/** Why nothing was taken, without the address: it may hold a token. */
function failed(answer, said) {
    if (answer.kind === 'no-answer')
        return { kind: 'failed', why: answer.reason };
    return { kind: 'failed', why: said === undefined ? `it answered ${answer.status}` : `it answered ${answer.status}: ${said.slice(0, 200)}` };
}

;// CONCATENATED MODULE: ./lib/shell/notify/discord.js



const messageSchema = schemas/* object */.Ikc({ id: schemas/* string */.YjP() });
const errorSchema = schemas/* object */.Ikc({ message: schemas/* string */.YjP() });
/** Docs "Execute Webhook": a message holds at most 2,000 characters. */
const LONGEST = 2000;
const SUPPRESS_EMBEDS = 4;
/** Executes the channel's webhook, or changes its message at `ref` (docs "Webhook Resource"). */
async function tellDiscord(sink, message, ref, transport) {
    const url = new URL(sink.webhookUrl);
    if (ref === undefined)
        url.searchParams.set('wait', 'true');
    else
        url.pathname += `/messages/${encodeURIComponent(ref)}`;
    const answer = await sendMessage({
        method: ref === undefined ? 'POST' : 'PATCH',
        url: url.href,
        // Docs "API Reference", User Agent: others may be refused.
        headers: { 'user-agent': 'DiscordBot (https://github.com/sleepwell-deploy/sleepwell, 0.1.0)' },
        body: { content: discord_escape((0,chat/* asText */.e1)(message, LONGEST / 2)), allowed_mentions: { parse: [] }, ...(ref === undefined ? { flags: SUPPRESS_EMBEDS } : {}) },
    }, transport);
    const said = answer.kind === 'json' && answer.status < 300 ? messageSchema.safeParse(answer.body).data : undefined;
    if (said === undefined)
        return failed(answer, answer.kind === 'json' ? errorSchema.safeParse(answer.body).data?.message : undefined);
    return { kind: 'ok', ref: said.id };
}
/** What Discord's Markdown would make more of, but for addresses; at worst this doubles the length. */
function discord_escape(text) {
    return text.replaceAll(/https?:\/\/\S+|[\\*_~`|>#[\]-]/g, (found) => (found.length > 1 ? found : `\\${found}`));
}

;// CONCATENATED MODULE: ./lib/shell/notify/slack.js



const answerSchema = schemas/* object */.Ikc({ ok: schemas/* boolean */.zMY(), error: schemas/* string */.YjP().optional(), channel: schemas/* string */.YjP().optional(), ts: schemas/* string */.YjP().optional() });
/** Docs "chat.postMessage": longer texts are cut at 40,000; 4,000 is what is advised. */
const slack_LONGEST = 4000;
/** Posts a message, or changes the one at `ref` (docs "chat.postMessage", "chat.update"). */
async function tellSlack(sink, message, ref, transport) {
    const [channel = sink.channel, ts] = ref?.split(' ') ?? [];
    const answer = await sendMessage({
        method: 'POST',
        url: `${sink.apiBaseUrl}/${ts === undefined ? 'chat.postMessage' : 'chat.update'}`,
        headers: { authorization: `Bearer ${sink.token}`, 'content-type': 'application/json; charset=utf-8' },
        body: { channel, text: slack_escape((0,chat/* asText */.e1)(message, slack_LONGEST)), ...(ts === undefined ? { unfurl_links: false } : { ts }) },
    }, transport);
    const said = answer.kind === 'json' ? answerSchema.safeParse(answer.body).data : undefined;
    if (said?.ok !== true)
        return failed(answer, said?.error);
    return { kind: 'ok', ...(said.channel === undefined || said.ts === undefined ? {} : { ref: `${said.channel} ${said.ts}` }) };
}
/** Docs "Formatting text for app surfaces": these three begin mentions, links and commands. */
function slack_escape(text) {
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

;// CONCATENATED MODULE: ./lib/shell/notify/telegram.js



const telegram_answerSchema = schemas/* object */.Ikc({ ok: schemas/* boolean */.zMY(), description: schemas/* string */.YjP().optional(), result: schemas/* object */.Ikc({ message_id: schemas/* number */.aig() }).optional() });
/** Bot API "sendMessage": 1 to 4,096 characters. */
const telegram_LONGEST = 4096;
/** Sends a message, or changes the one at `ref` (Bot API "sendMessage", "editMessageText"); no parse mode, so nothing to escape. */
async function tellTelegram(sink, message, ref, transport) {
    const answer = await sendMessage({
        method: 'POST',
        url: `${sink.apiBaseUrl}/bot${sink.token}/${ref === undefined ? 'sendMessage' : 'editMessageText'}`,
        headers: {},
        body: {
            chat_id: sink.chatId,
            text: (0,chat/* asText */.e1)(message, telegram_LONGEST),
            link_preview_options: { is_disabled: true },
            ...(ref === undefined ? {} : { message_id: Number(ref) }),
        },
    }, transport);
    const said = answer.kind === 'json' ? telegram_answerSchema.safeParse(answer.body).data : undefined;
    if (said?.ok !== true)
        return failed(answer, said?.description);
    return { kind: 'ok', ...(said.result === undefined ? {} : { ref: String(said.result.message_id) }) };
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./lib/shell/notify/webhook.js




const webhook_LONGEST = 4000;
/**
 * Posts `{ type, timestamp, data }`, signed as "Standard Webhooks" 1.0.0 has it. `id` is the same for each try of
 * one message, so that the receiver can take it once; a message is never changed, but followed by the next one.
 */
async function tellWebhook(sink, message, id, transport) {
    const nowMs = transport.clock.now();
    const timestamp = String(Math.floor(nowMs / 1000));
    const body = { type: `deploy.${String(message.facts['event'])}`, timestamp: new Date(nowMs).toISOString(), data: { ...message.facts, text: (0,chat/* asText */.e1)(message, webhook_LONGEST), url: message.url } };
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatureOf(sink.secret, `${id}.${timestamp}.${JSON.stringify(body)}`) };
    const answer = await (0,http/* sendRepeatedly */.g)({ method: 'POST', url: sink.url, headers, body }, transport, (seen) => seen.kind === 'no-answer' || seen.status === 429 || seen.status >= 500);
    return answer.kind !== 'no-answer' && answer.status < 300 ? { kind: 'ok' } : failed(answer);
}
function signatureOf(secret, signed) {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${(0,external_node_crypto_.createHmac)('sha256', key).update(signed).digest('base64')}`;
}

;// CONCATENATED MODULE: ./lib/shell/notify.js




/** Tells one sink; never throws. A message that is gone is sent anew. */
async function tell(sink, { message, id, ref }, transport) {
    const send = (where) => {
        switch (sink.kind) {
            case 'slack':
                return tellSlack(sink, message, where, transport);
            case 'discord':
                return tellDiscord(sink, message, where, transport);
            case 'telegram':
                return tellTelegram(sink, message, where, transport);
            case 'webhook':
                return tellWebhook(sink, message, id, transport);
        }
    };
    const sent = await send(ref);
    return sent.kind === 'failed' && ref !== undefined && sink.kind !== 'webhook' ? send(undefined) : sent;
}


/***/ })

};
