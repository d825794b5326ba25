// Keeps the articles of articles.tagged in a file: go run . KAFKA TOPIC GROUP FILE
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

type message struct {
	Type       string `json:"type"`
	ArticleID  string `json:"article_id"`
	Version    int64  `json:"version"`
	Generation int64  `json:"generation"`
	Headline   string `json:"headline"`
	Topics     []struct {
		ID string `json:"id"`
	} `json:"topics"`
}

type article struct {
	Order     [2]int64 `json:"order"`
	Withdrawn bool     `json:"withdrawn"`
	Version   int64    `json:"version"`
	Headline  string   `json:"headline"`
	Topics    []string `json:"topics"`
}

func apply(view map[string]article, value []byte) error {
	var one message
	if err := json.Unmarshal(value, &one); err != nil {
		return err
	}
	// Later releases may add types; an issue's record is no article.
	if one.Type != "tagged_article" && one.Type != "withdrawal" {
		return nil
	}
	known, ok := view[one.ArticleID]
	if ok && (known.Order[0] > one.Version || known.Order[0] == one.Version && known.Order[1] > one.Generation) {
		return nil
	}
	topics := []string{}
	for _, topic := range one.Topics {
		topics = append(topics, topic.ID)
	}
	// A withdrawal is kept, so that an older message that comes later does not bring the article back.
	view[one.ArticleID] = article{
		Order: [2]int64{one.Version, one.Generation}, Withdrawn: one.Type == "withdrawal",
		Version: one.Version, Headline: one.Headline, Topics: topics,
	}
	return nil
}

func save(view map[string]article, file string) error {
	content, err := json.Marshal(view)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func main() {
	kafka, topic, group, file := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	view := map[string]article{}
	if content, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(content, &view); err != nil {
			log.Fatal(err)
		}
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(kafka, ",")...), kgo.ConsumeTopics(topic), kgo.ConsumerGroup(group),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for {
		fetches := client.PollFetches(context.Background())
		if err := fetches.Err(); err != nil {
			log.Fatal(err)
		}
		for _, record := range fetches.Records() {
			if err := apply(view, record.Value); err != nil {
				log.Fatal(err)
			}
		}
		if err := save(view, file); err != nil {
			log.Fatal(err)
		}
		if err := client.CommitUncommittedOffsets(context.Background()); err != nil {
			log.Fatal(err)
		}
	}
}
