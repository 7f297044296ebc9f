import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { Transform } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'

const piece = 64 * 1024

/**
 * Serves channels at the addresses of a Kolibri server, each file so slowly that
 * a job which fetches one is under way for as long as anybody looks.
 */
export async function serveSlowly(channels, name, bytesPerSecond) {
  const facts = channels.map(({ id, name: title, resources, bytes }) => ({
    id, name: title, language: 'en', included_languages: ['en'], description: '', tagline: null,
    total_resource_count: resources, version: 1, published_size: bytes,
    last_published: '2026-11-23 12:03:10.491953(Etc/UTC)', icon_encoding: '', matching_tokens: [], public: null,
  }))
  const info = {
    application: 'kolibri', kolibri_version: '0.18.0', instance_id: 'a'.repeat(32), device_name: name,
    operating_system: 'Linux', subset_of_users_device: false, min_content_schema_version: '5',
  }
  const server = createServer((request, response) => {
    const at = decodeURIComponent(new URL(request.url, 'http://here').pathname)
    if (at.startsWith('/api/public/info')) answer(response, info)
    else if (at.startsWith('/api/public/v1/channels')) answer(response, facts)
    else void sendFile(channels, at, bytesPerSecond, request, response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => { server.closeAllConnections(); server.close() },
  }
}

function answer(response, value) {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(value))
}

async function sendFile(channels, at, bytesPerSecond, request, response) {
  for (const { folder } of channels) {
    const file = path.join(folder, 'KOLIBRI_DATA', at)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) continue
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': found.size - from,
      ...(from > 0 && { 'Content-Range': `bytes ${from}-${found.size - 1}/${found.size}` }),
    })
    if (request.method === 'HEAD') return response.end()
    // The databases of channels are small beside their files, and come at once.
    const source = createReadStream(file, { start: from, highWaterMark: piece })
    if (at.endsWith('.sqlite3')) return source.pipe(response)
    return source.pipe(slowly(bytesPerSecond)).pipe(response)
  }
  response.writeHead(404).end()
}

function slowly(bytesPerSecond) {
  return new Transform({
    transform(chunk, _encoding, done) {
      void wait((1000 * chunk.length) / bytesPerSecond).then(() => done(null, chunk))
    },
  })
}
