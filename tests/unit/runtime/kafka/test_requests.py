"""Two requests in aiokafka's style: their bytes are those of Kafka's own message definitions."""

from __future__ import annotations

from io import BytesIO

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from services.runtime.kafka.requests import (
    MemberOffsetsRequest,
    MemberOffsetsStruct,
    StableOffsetsRequest,
    StableOffsetsResponse,
    StableOffsetsStruct,
)

PART = TopicPartition("issues", 3)


def test_offsets_in_a_transaction_carry_the_generation_and_the_member() -> None:
    request = MemberOffsetsRequest(
        transactional_id="t",
        group="g",
        producer_id=1,
        producer_epoch=2,
        generation=7,
        member_id="m",
        offsets={PART: OffsetAndMetadata(41, "")},
    )
    assert request.build(MemberOffsetsStruct).encode() == bytes.fromhex(
        "0274 0267 0000000000000001 0002 00000007 026d 00"  # …, generation, member, no instance
        "02 07697373756573 02 00000003 0000000000000029 ffffffff 01 00 00 00"
    )


def test_what_is_committed_is_asked_for_good_and_for_these_partitions_alone() -> None:
    request = StableOffsetsRequest("g", [PART], stable=True)
    assert request.build(StableOffsetsStruct).encode() == bytes.fromhex("0267 02 07697373756573 02 00000003 00 01 00")
    everything = StableOffsetsRequest("g", None, stable=False)
    assert everything.build(StableOffsetsStruct).encode() == bytes.fromhex("0267 00 00 00")


def test_an_answer_is_read_back() -> None:
    answer = StableOffsetsResponse(0, [("issues", [(3, 41, -1, None, 88, {})], {})], 0, {})
    read = StableOffsetsResponse.decode(BytesIO(answer.encode()))
    assert (read.topics, read.error_code) == (answer.topics, 0)
