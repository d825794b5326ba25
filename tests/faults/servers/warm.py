"""The module that workers are forked from: it imports everything, and reads everything that is read once."""

from services.index import app as index
from services.index.document import document
from services.ingest import app as ingest
from services.segment import app as segment
from services.segment.segmentation import segment_issue
from services.tag import app as tag
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from tests.faults.judging.expectation import article_of
from tests.faults.work.poison import PAGE

STAGES = (ingest, segment, tag, index)

(_article, *_) = segment_issue({1: PAGE}).articles
document(Tagger(seed_taxonomy()).tag(article_of(_article)))
