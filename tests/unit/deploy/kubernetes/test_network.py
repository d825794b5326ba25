"""The network lets through what the flow needs, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.unit.deploy.cluster import HTTP_PORT, of_kind

OVERLAY = "prod"


def policy(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = of_kind(OVERLAY, "NetworkPolicy")[name]["spec"]
    return spec


def reach(rules: list[dict[str, Any]], side: str) -> set[tuple[tuple[str, str], int]]:
    """Every (label of the peer, port) that the rules let through."""
    return {
        (label, port["port"])
        for rule in rules
        for peer in rule[side]
        for selector in peer.values()
        for label in selector["matchLabels"].items()
        for port in rule["ports"]
    }


def test_every_pod_of_ours_is_under_the_policy() -> None:
    assert policy("broadsheet")["policyTypes"] == ["Ingress", "Egress"]
    selector = policy("broadsheet")["podSelector"]["matchLabels"].items()
    for deployment in of_kind(OVERLAY, "Deployment").values():
        assert selector <= deployment["spec"]["template"]["metadata"]["labels"].items()


def test_our_pods_reach_names_kafka_and_elasticsearch_only() -> None:
    ((cluster, kafka),) = of_kind(OVERLAY, "Kafka").items()
    (elasticsearch,) = of_kind(OVERLAY, "Elasticsearch")
    listener = kafka["spec"]["kafka"]["listeners"][0]
    assert reach(policy("broadsheet")["egress"], "to") == {
        (("kubernetes.io/metadata.name", "kube-system"), 53),
        (("strimzi.io/cluster", cluster), listener["port"]),
        (("strimzi.io/kind", "Kafka"), listener["port"]),
        (("elasticsearch.k8s.elastic.co/cluster-name", elasticsearch), 9200),
    }


def test_only_monitoring_reaches_our_pods_and_only_their_port() -> None:
    assert reach(policy("broadsheet")["ingress"], "from") == {
        (("kubernetes.io/metadata.name", "monitoring"), HTTP_PORT)
    }


def test_elasticsearch_is_reached_by_those_who_use_it() -> None:
    (name,) = of_kind(OVERLAY, "Elasticsearch")
    spec = policy("broadsheet-elasticsearch")
    assert spec["podSelector"]["matchLabels"] == {"elasticsearch.k8s.elastic.co/cluster-name": name}
    peers = {label for label, port in reach(spec["ingress"], "from") if port == 9200}
    assert ("app.kubernetes.io/part-of", "broadsheet") in peers
    assert ("kibana.k8s.elastic.co/name", *of_kind(OVERLAY, "Kibana")) in peers
    assert ("kubernetes.io/metadata.name", "elastic-system") in peers, "or the operator cannot manage it"
    assert {label for label, port in reach(spec["ingress"], "from") if port == 9300} == {
        ("elasticsearch.k8s.elastic.co/cluster-name", name)
    }


def test_kafka_is_reached_by_our_pods_and_by_keda() -> None:
    (kafka,) = of_kind(OVERLAY, "Kafka").values()
    listener = kafka["spec"]["kafka"]["listeners"][0]
    labels = [peer for peers in listener["networkPolicyPeers"] for peer in peers.values()]
    assert {pair for selector in labels for pair in selector["matchLabels"].items()} == {
        ("app.kubernetes.io/part-of", "broadsheet"),
        ("kubernetes.io/metadata.name", "keda"),
    }


def test_from_outside_kafka_is_reached_only_from_listed_networks_with_tls_and_a_password() -> None:
    """The listed network stands for the reader's own; 192.0.2.0/24 is nobody's (RFC 5737)."""
    (kafka,) = of_kind(OVERLAY, "Kafka").values()
    outside = kafka["spec"]["kafka"]["listeners"][1]
    assert (outside["tls"], outside["authentication"]["type"]) == (True, "scram-sha-512")
    listed = [peer["ipBlock"]["cidr"] for peer in outside["networkPolicyPeers"]]
    assert listed == outside["configuration"]["loadBalancerSourceRanges"] == ["192.0.2.0/24"]


def test_kibana_is_reached_by_proxies_the_import_and_its_operator() -> None:
    (kibana,) = of_kind(OVERLAY, "Kibana")
    spec = policy("broadsheet-kibana")
    assert spec["podSelector"]["matchLabels"] == {"kibana.k8s.elastic.co/name": kibana}
    assert reach(spec["ingress"], "from") == {
        (("kubernetes.io/metadata.name", "gateway"), 5601),
        (("kubernetes.io/metadata.name", "elastic-system"), 5601),
        (("app.kubernetes.io/name", "broadsheet-kibana-import"), 5601),
    }
