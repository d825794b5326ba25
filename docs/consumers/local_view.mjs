// Keeps the articles of articles.tagged in a file: node local_view.mjs KAFKA TOPIC GROUP FILE
// npm install kafkajs. kafkajs reads only what was committed, unless it is told otherwise.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Kafka, logLevel } from "kafkajs";

const [brokers, topic, groupId, file] = process.argv.slice(2);
const view = existsSync(file) ? JSON.parse(readFileSync(file, "utf-8")) : {};

function apply(message) {
  // Later releases may add types; an issue's record is no article.
  if (message.type !== "tagged_article" && message.type !== "withdrawal") return;
  const order = [message.version, message.generation ?? 0];
  const known = view[message.article_id];
  if (known && (known.order[0] - order[0] || known.order[1] - order[1]) > 0) return;
  view[message.article_id] =
    message.type === "withdrawal"
      ? { order, withdrawn: true } // kept, so that an older message that comes later does not bring the article back
      : {
          order,
          withdrawn: false,
          version: message.version,
          headline: message.headline,
          topics: message.topics.map(({ id }) => id),
        };
}

const kafka = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  // kafkajs commits a batch after this function has returned, when the file is written.
  eachBatch: async ({ batch }) => {
    for (const { value } of batch.messages) apply(JSON.parse(value.toString("utf-8")));
    writeFileSync(`${file}.new`, JSON.stringify(view));
    renameSync(`${file}.new`, file);
  },
});
