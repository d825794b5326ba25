import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Keeps the articles of articles.tagged in a file: java -cp 'jars/*' LocalView.java KAFKA TOPIC GROUP FILE. */
class LocalView {
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[3]);
        ObjectNode view = Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
        String bytes = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", arguments[0], "group.id", arguments[2],
                "isolation.level", "read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", "false",
                "key.deserializer", bytes, "value.deserializer", bytes);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(arguments[1]));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    apply(view, JSON.readTree(record.value()));
                }
                if (!records.isEmpty()) {
                    Path beside = Path.of(file + ".new");
                    JSON.writeValue(beside.toFile(), view);
                    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    consumer.commitSync();
                }
            }
        }
    }

    static void apply(ObjectNode view, JsonNode message) {
        String type = message.get("type").asText();
        // Later releases may add types; an issue's record is no article.
        if (!List.of("tagged_article", "withdrawal").contains(type)) {
            return;
        }
        String id = message.get("article_id").asText();
        long version = message.get("version").asLong();
        long generation = message.path("generation").asLong();
        JsonNode known = view.get(id);
        if (known != null) {
            long before = known.get("order").get(0).asLong();
            if (before > version || before == version && known.get("order").get(1).asLong() > generation) {
                return;
            }
        }
        ObjectNode article = JSON.createObjectNode();
        article.putArray("order").add(version).add(generation);
        // A withdrawal is kept, so that an older message that comes later does not bring the article back.
        article.put("withdrawn", type.equals("withdrawal"));
        if (type.equals("tagged_article")) {
            article.put("version", version);
            article.set("headline", message.get("headline"));
            message.get("topics").forEach(topic -> article.withArray("topics").add(topic.get("id")));
        }
        view.set(id, article);
    }
}
